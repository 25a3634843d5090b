"""`python -m bench.faces --data DIR [--engine sface|dlib] [--json]`: who is known, who is not, on folders of faces.

Enrols each person's first three photos, by file name, and probes with the others and with every stranger, one photo a
probe, at the committed calibration's threshold for the gallery's size and 1 % of strangers named.
"""

import argparse
from pathlib import Path

import numpy as np

from bench.face_data import ENROLLING_PHOTOS, NoFaceData, encode_main_face, face_data
from bench.report import Figure, Report, share
from presence.faces.engine import ENGINE_IDS, load_engine
from presence.faces.match import Gallery, Match, NoMatch
from presence.faces.types import Encoding, Encodings

REACHES: dict[str, dict[str, str | None]] = {
    "sface": {"tpir": ">= 0.97", "misidentified": "<= 0.001", "fpir": "<= 0.01"},
    "dlib": {"tpir": None, "misidentified": None, "fpir": "<= 0.01"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="holds enrolled/<name>/*.jpg and strangers/*.jpg")
    parser.add_argument("--engine", choices=ENGINE_IDS, default="sface")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    data = face_data(arguments.data)
    engine = load_engine(arguments.engine, threads=arguments.threads)
    not_found = 0

    def encode(path: Path) -> Encoding | None:
        nonlocal not_found
        encoding = encode_main_face(engine, path)
        not_found += encoding is None
        return encoding

    people: dict[str, Encodings] = {}
    for name, photos in data.enrolled.items():
        found = [encoding for path in photos[:ENROLLING_PHOTOS] if (encoding := encode(path)) is not None]
        if found:
            people[name] = np.stack(found)
    if not people:
        raise NoFaceData(f"No face was found in any photo of {arguments.data}/enrolled.")
    gallery = Gallery(engine.calibration, people)
    answers: list[tuple[str, Match[str] | None]] = [
        (name, None if (probe := encode(path)) is None else gallery.match(probe))
        for name, photos in data.enrolled.items()
        for path in photos[ENROLLING_PHOTOS:]
    ]
    strangers = [gallery.match(probe) for path in data.strangers.values() if (probe := encode(path)) is not None]

    right = sum(match is not None and match.person_id == name for name, match in answers)
    wrong = sum(match is not None and match.person_id not in {None, name} for name, match in answers)
    named = sum(match.person_id is not None for match in strangers)
    by_threshold = sum(match is not None and match.reason is NoMatch.BELOW_THRESHOLD for _, match in answers)
    by_margin = sum(match is not None and match.reason is NoMatch.BELOW_MARGIN for _, match in answers)
    reaches = REACHES[engine.id]
    report = Report("faces")
    report.figures = {
        "tpir": share(right, len(answers), reach=reaches["tpir"]),
        "misidentified": share(wrong, len(answers), reach=reaches["misidentified"]),
        "fpir": share(named, len(data.strangers), reach=reaches["fpir"]),
        "missed_by_threshold": Figure(by_threshold, "probes"),
        "missed_by_margin": Figure(by_margin, "probes"),
        "no_face_found": Figure(not_found, "photos"),
        "enrolled_people": Figure(len(gallery), "people"),
        "enrolled_probes": Figure(len(answers), "photos"),
        "stranger_probes": Figure(len(data.strangers), "photos"),
        "threshold": Figure(gallery.threshold),
    }
    report.notes.append(f"engine {engine.id}, models {engine.model_sha256[:12]}, threshold fixed beforehand")
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
