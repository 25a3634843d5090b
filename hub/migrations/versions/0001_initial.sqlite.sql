CREATE TABLE audit_entries (
	entry_id CHAR(32) NOT NULL, 
	occurred_time DATETIME NOT NULL, 
	principal_kind VARCHAR NOT NULL, 
	principal_id CHAR(32), 
	address VARCHAR, 
	action VARCHAR NOT NULL, 
	object_type VARCHAR NOT NULL, 
	object_id VARCHAR NOT NULL, 
	"before" JSON, 
	"after" JSON, 
	reason VARCHAR, 
	CONSTRAINT pk_audit_entries PRIMARY KEY (entry_id)
);
-- next
CREATE INDEX ix_audit_entries_object_type_object_id ON audit_entries (object_type, object_id);
-- next
CREATE INDEX ix_audit_entries_occurred_time ON audit_entries (occurred_time);
-- next
CREATE INDEX ix_audit_entries_principal_id ON audit_entries (principal_id);
-- next
CREATE TRIGGER audit_entries_refuse_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
-- next
CREATE TRIGGER audit_entries_refuse_update BEFORE UPDATE ON audit_entries
WHEN NOT (NEW."entry_id" IS OLD."entry_id" AND NEW."occurred_time" IS OLD."occurred_time" AND NEW."principal_kind" IS OLD."principal_kind" AND NEW."principal_id" IS OLD."principal_id" AND NEW."action" IS OLD."action" AND NEW."object_type" IS OLD."object_type" AND NEW."object_id" IS OLD."object_id"
AND (NEW."address" IS NULL OR NEW."address" IS OLD."address") AND (NEW."before" IS NULL OR NEW."before" IS OLD."before") AND (NEW."after" IS NULL OR NEW."after" IS OLD."after") AND (NEW."reason" IS NULL OR NEW."reason" IS OLD."reason"))
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
-- next
CREATE TABLE outbox_events (
	event_id CHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	occurred_time DATETIME NOT NULL, 
	payload JSON NOT NULL, 
	CONSTRAINT pk_outbox_events PRIMARY KEY (event_id)
);
-- next
CREATE INDEX ix_outbox_events_occurred_time ON outbox_events (occurred_time);
-- next
CREATE TABLE request_log (
	request_key BLOB NOT NULL, 
	digest BLOB NOT NULL, 
	sealed_response BLOB NOT NULL, 
	create_time DATETIME NOT NULL, 
	CONSTRAINT pk_request_log PRIMARY KEY (request_key)
);
-- next
CREATE INDEX ix_request_log_create_time ON request_log (create_time);
-- next
CREATE TABLE door_facts (
	event_id CHAR(32) NOT NULL, 
	device_id CHAR(32), 
	epoch CHAR(32), 
	sequence BIGINT, 
	digest BLOB NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	person_id CHAR(32), 
	session_id CHAR(32), 
	judgement VARCHAR(40), 
	rejection_reason VARCHAR(40), 
	capture_time DATETIME NOT NULL, 
	arrival_time DATETIME NOT NULL, 
	wall_time DATETIME NOT NULL, 
	monotonic_ns BIGINT NOT NULL, 
	boot_id VARCHAR NOT NULL, 
	clock_quality VARCHAR(40) NOT NULL, 
	similarity DOUBLE NOT NULL, 
	liveness VARCHAR(40) NOT NULL, 
	latitude DOUBLE, 
	longitude DOUBLE, 
	accuracy_m DOUBLE, 
	position_source VARCHAR NOT NULL, 
	engine VARCHAR NOT NULL, 
	gallery_version BIGINT NOT NULL, 
	agent_version VARCHAR NOT NULL, 
	shown VARCHAR NOT NULL, 
	CONSTRAINT pk_door_facts PRIMARY KEY (event_id), 
	CONSTRAINT uq_door_facts_device_id_epoch_sequence UNIQUE (device_id, epoch, sequence)
);
-- next
CREATE INDEX ix_door_facts_session_id_person_id ON door_facts (session_id, person_id);
-- next
CREATE TABLE attendance_policies (
	id INTEGER NOT NULL, 
	policy JSON NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_attendance_policies PRIMARY KEY (id)
);
-- next
CREATE TABLE attendance_device_moves (
	event_id CHAR(32) NOT NULL, 
	device_id CHAR(32) NOT NULL, 
	from_room_id CHAR(32) NOT NULL, 
	moved_time DATETIME NOT NULL, 
	CONSTRAINT pk_attendance_device_moves PRIMARY KEY (event_id)
);
-- next
CREATE INDEX ix_attendance_device_moves_device_id ON attendance_device_moves (device_id);
-- next
CREATE TABLE one_roster_ids (
	kind VARCHAR NOT NULL, 
	sourced_id VARCHAR NOT NULL, 
	object_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_one_roster_ids PRIMARY KEY (kind, sourced_id)
);
-- next
CREATE TABLE schools (
	id CHAR(32) NOT NULL, 
	singleton INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	code VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	time_zone VARCHAR NOT NULL, 
	locale VARCHAR NOT NULL, 
	programme_levels JSON NOT NULL, 
	default_policies JSON NOT NULL, 
	logo_media_type VARCHAR NOT NULL, 
	logo_sha256 VARCHAR NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_schools PRIMARY KEY (id), 
	CONSTRAINT ck_schools_singleton CHECK (singleton = 1), 
	CONSTRAINT uq_schools_singleton UNIQUE (singleton)
);
-- next
CREATE TRIGGER schools_refuse_delete BEFORE DELETE ON schools
BEGIN SELECT RAISE(ABORT, 'the school is never deleted'); END;
-- next
CREATE TABLE departments (
	id CHAR(32) NOT NULL, 
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	archived BOOLEAN NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_departments PRIMARY KEY (id), 
	CONSTRAINT uq_departments_code UNIQUE (code), 
	CONSTRAINT uq_departments_name UNIQUE (name)
);
-- next
CREATE TABLE academic_years (
	id CHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	start_date DATE NOT NULL, 
	end_date DATE NOT NULL, 
	active BOOLEAN NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_academic_years PRIMARY KEY (id), 
	CONSTRAINT ck_academic_years_dates CHECK (start_date < end_date), 
	CONSTRAINT uq_academic_years_name UNIQUE (name)
);
-- next
CREATE UNIQUE INDEX uq_academic_years_active ON academic_years (active) WHERE active;
-- next
CREATE TRIGGER ex_academic_years_period_insert BEFORE INSERT ON academic_years WHEN EXISTS (SELECT 1 FROM academic_years AS other WHERE other.id <> NEW.id AND other.start_date <= NEW.end_date AND NEW.start_date <= other.end_date) BEGIN SELECT RAISE(ABORT, 'overlapping period: academic_years'); END;
-- next
CREATE TRIGGER ex_academic_years_period_update BEFORE UPDATE ON academic_years WHEN EXISTS (SELECT 1 FROM academic_years AS other WHERE other.id <> NEW.id AND other.start_date <= NEW.end_date AND NEW.start_date <= other.end_date) BEGIN SELECT RAISE(ABORT, 'overlapping period: academic_years'); END;
-- next
CREATE TABLE users (
	id CHAR(32) NOT NULL, 
	email VARCHAR NOT NULL, 
	email_key VARCHAR NOT NULL, 
	given_name VARCHAR NOT NULL, 
	family_name VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	gender VARCHAR NOT NULL, 
	id_number VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	birth_date DATE, 
	locale VARCHAR NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	password_hash VARCHAR, 
	email_verified_time DATETIME, 
	search_text VARCHAR NOT NULL, 
	last_sign_in_time DATETIME, 
	erase_time DATETIME, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT uq_users_email_key UNIQUE (email_key)
);
-- next
CREATE INDEX ix_users_family_name_given_name_id ON users (family_name, given_name, id);
-- next
CREATE TABLE sign_in_tries (
	"key" VARCHAR NOT NULL, 
	failures INTEGER NOT NULL, 
	last_time DATETIME NOT NULL, 
	CONSTRAINT pk_sign_in_tries PRIMARY KEY ("key")
);
-- next
CREATE INDEX ix_sign_in_tries_last_time ON sign_in_tries (last_time);
-- next
CREATE TABLE device_enrolment_failures (
	address VARCHAR NOT NULL, 
	window_start_time DATETIME NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_device_enrolment_failures PRIMARY KEY (address)
);
-- next
CREATE TABLE rooms (
	id CHAR(32) NOT NULL, 
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	building VARCHAR NOT NULL, 
	floor VARCHAR NOT NULL, 
	room_type VARCHAR NOT NULL, 
	capacity INTEGER NOT NULL, 
	facilities JSON NOT NULL, 
	geofence JSON NOT NULL, 
	max_accuracy_m DOUBLE NOT NULL, 
	maintenance_windows JSON NOT NULL, 
	bookable_hours JSON NOT NULL, 
	max_bookings_per_day INTEGER NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_rooms PRIMARY KEY (id), 
	CONSTRAINT uq_rooms_code UNIQUE (code)
);
-- next
CREATE TABLE timetable_planning_rules (
	id VARCHAR NOT NULL, 
	"values" JSON NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_timetable_planning_rules PRIMARY KEY (id)
);
-- next
CREATE TABLE timetable_calendar_changes (
	id CHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	class_group_id CHAR(32), 
	change_time DATETIME NOT NULL, 
	CONSTRAINT pk_timetable_calendar_changes PRIMARY KEY (id)
);
-- next
CREATE INDEX ix_timetable_calendar_changes_day ON timetable_calendar_changes (day);
-- next
CREATE TABLE job_ticks (
	job VARCHAR NOT NULL, 
	scheduled_for DATETIME NOT NULL, 
	run_time DATETIME NOT NULL, 
	CONSTRAINT pk_job_ticks PRIMARY KEY (job, scheduled_for)
);
-- next
CREATE TABLE face_device_galleries (
	device_id CHAR(32) NOT NULL, 
	version BIGINT NOT NULL, 
	engine VARCHAR NOT NULL, 
	disk_key_id CHAR(32) NOT NULL, 
	key_id VARCHAR NOT NULL, 
	nonce BLOB NOT NULL, 
	ciphertext BLOB NOT NULL, 
	CONSTRAINT pk_face_device_galleries PRIMARY KEY (device_id)
);
-- next
CREATE INDEX ix_face_device_galleries_key_id ON face_device_galleries (key_id);
-- next
CREATE TABLE face_gallery_holdings (
	device_id CHAR(32) NOT NULL, 
	person_id CHAR(32) NOT NULL, 
	set_id CHAR(32) NOT NULL, 
	version BIGINT NOT NULL, 
	removed BOOLEAN NOT NULL, 
	CONSTRAINT pk_face_gallery_holdings PRIMARY KEY (device_id, person_id)
);
-- next
CREATE INDEX ix_face_gallery_holdings_person_id ON face_gallery_holdings (person_id);
-- next
CREATE TABLE face_erasure_proofs (
	person_id CHAR(32) NOT NULL, 
	device_id CHAR(32) NOT NULL, 
	withdrawn_time DATETIME NOT NULL, 
	set_id CHAR(32) NOT NULL, 
	acknowledged_time DATETIME, 
	CONSTRAINT pk_face_erasure_proofs PRIMARY KEY (person_id, device_id, withdrawn_time)
);
-- next
CREATE INDEX ix_face_erasure_proofs_device_id ON face_erasure_proofs (device_id);
-- next
CREATE TABLE jobs (
	id CHAR(32) NOT NULL, 
	kind VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	owner_id CHAR(32), 
	params JSON NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	done_units BIGINT NOT NULL, 
	total_units BIGINT NOT NULL, 
	stage VARCHAR NOT NULL, 
	detail JSON NOT NULL, 
	result JSON NOT NULL, 
	failure_reason VARCHAR NOT NULL, 
	failure VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	hub_id CHAR(32), 
	lease_expire_time DATETIME, 
	cancel_time DATETIME, 
	create_time DATETIME NOT NULL, 
	start_time DATETIME, 
	end_time DATETIME, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (id)
);
-- next
CREATE INDEX ix_jobs_end_time ON jobs (end_time);
-- next
CREATE INDEX ix_jobs_owner_id_id ON jobs (owner_id, id);
-- next
CREATE INDEX ix_jobs_state_id ON jobs (state, id);
-- next
CREATE TABLE outbox_deliveries (
	delivery_id INTEGER NOT NULL, 
	event_id CHAR(32) NOT NULL, 
	subscriber VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_time DATETIME NOT NULL, 
	last_error VARCHAR, 
	CONSTRAINT pk_outbox_deliveries PRIMARY KEY (delivery_id), 
	CONSTRAINT fk_outbox_deliveries_event_id_outbox_events FOREIGN KEY(event_id) REFERENCES outbox_events (event_id)
);
-- next
CREATE INDEX ix_outbox_deliveries_event_id ON outbox_deliveries (event_id);
-- next
CREATE INDEX ix_outbox_deliveries_subscriber_due_time ON outbox_deliveries (subscriber, due_time);
-- next
CREATE TABLE courses (
	id CHAR(32) NOT NULL, 
	code VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	department_id CHAR(32) NOT NULL, 
	description VARCHAR NOT NULL, 
	credit_hours INTEGER NOT NULL, 
	weekly_theory_minutes INTEGER NOT NULL, 
	weekly_practical_minutes INTEGER NOT NULL, 
	default_session_minutes INTEGER NOT NULL, 
	total_minutes INTEGER NOT NULL, 
	archived BOOLEAN NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_courses PRIMARY KEY (id), 
	CONSTRAINT uq_courses_code UNIQUE (code), 
	CONSTRAINT fk_courses_department_id_departments FOREIGN KEY(department_id) REFERENCES departments (id)
);
-- next
CREATE INDEX ix_courses_department_id ON courses (department_id);
-- next
CREATE TABLE trainer_loans (
	id CHAR(32) NOT NULL, 
	trainer_id CHAR(32) NOT NULL, 
	department_id CHAR(32) NOT NULL, 
	start_date DATE NOT NULL, 
	end_date DATE, 
	reason VARCHAR NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_trainer_loans PRIMARY KEY (id), 
	CONSTRAINT ck_trainer_loans_dates CHECK (end_date IS NULL OR start_date <= end_date), 
	CONSTRAINT fk_trainer_loans_trainer_id_users FOREIGN KEY(trainer_id) REFERENCES users (id), 
	CONSTRAINT fk_trainer_loans_department_id_departments FOREIGN KEY(department_id) REFERENCES departments (id)
);
-- next
CREATE INDEX ix_trainer_loans_department_id ON trainer_loans (department_id);
-- next
CREATE INDEX ix_trainer_loans_trainer_id ON trainer_loans (trainer_id);
-- next
CREATE TABLE school_logos (
	school_id CHAR(32) NOT NULL, 
	content BLOB NOT NULL, 
	media_type VARCHAR NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_school_logos PRIMARY KEY (school_id), 
	CONSTRAINT fk_school_logos_school_id_schools FOREIGN KEY(school_id) REFERENCES schools (id)
);
-- next
CREATE TABLE programmes (
	id CHAR(32) NOT NULL, 
	department_id CHAR(32) NOT NULL, 
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	level VARCHAR NOT NULL, 
	duration_years INTEGER NOT NULL, 
	terms_per_year INTEGER NOT NULL, 
	archived BOOLEAN NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_programmes PRIMARY KEY (id), 
	CONSTRAINT uq_programmes_department_id_code UNIQUE (department_id, code), 
	CONSTRAINT fk_programmes_department_id_departments FOREIGN KEY(department_id) REFERENCES departments (id)
);
-- next
CREATE TABLE terms (
	id CHAR(32) NOT NULL, 
	academic_year_id CHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	start_date DATE NOT NULL, 
	end_date DATE NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_terms PRIMARY KEY (id), 
	CONSTRAINT ck_terms_dates CHECK (start_date < end_date), 
	CONSTRAINT uq_terms_academic_year_id_number UNIQUE (academic_year_id, number), 
	CONSTRAINT fk_terms_academic_year_id_academic_years FOREIGN KEY(academic_year_id) REFERENCES academic_years (id)
);
-- next
CREATE TRIGGER ex_terms_period_insert BEFORE INSERT ON terms WHEN EXISTS (SELECT 1 FROM terms AS other WHERE other.id <> NEW.id AND other.start_date <= NEW.end_date AND NEW.start_date <= other.end_date) BEGIN SELECT RAISE(ABORT, 'overlapping period: terms'); END;
-- next
CREATE TRIGGER ex_terms_period_update BEFORE UPDATE ON terms WHEN EXISTS (SELECT 1 FROM terms AS other WHERE other.id <> NEW.id AND other.start_date <= NEW.end_date AND NEW.start_date <= other.end_date) BEGIN SELECT RAISE(ABORT, 'overlapping period: terms'); END;
-- next
CREATE TABLE user_roles (
	user_id CHAR(32) NOT NULL, 
	role VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_user_roles PRIMARY KEY (user_id, role), 
	CONSTRAINT fk_user_roles_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_user_roles_role ON user_roles (role);
-- next
CREATE TABLE trainer_profiles (
	user_id CHAR(32) NOT NULL, 
	staff_number VARCHAR NOT NULL, 
	department_id CHAR(32) NOT NULL, 
	qualifications JSON NOT NULL, 
	specialisations JSON NOT NULL, 
	employment_type VARCHAR(40) NOT NULL, 
	max_weekly_load_minutes INTEGER NOT NULL, 
	CONSTRAINT pk_trainer_profiles PRIMARY KEY (user_id), 
	CONSTRAINT fk_trainer_profiles_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_trainer_profiles_staff_number UNIQUE (staff_number), 
	CONSTRAINT fk_trainer_profiles_department_id_departments FOREIGN KEY(department_id) REFERENCES departments (id)
);
-- next
CREATE INDEX ix_trainer_profiles_department_id ON trainer_profiles (department_id);
-- next
CREATE TABLE hod_profiles (
	user_id CHAR(32) NOT NULL, 
	department_id CHAR(32) NOT NULL, 
	appointed_date DATE, 
	CONSTRAINT pk_hod_profiles PRIMARY KEY (user_id), 
	CONSTRAINT fk_hod_profiles_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_hod_profiles_department_id UNIQUE (department_id), 
	CONSTRAINT fk_hod_profiles_department_id_departments FOREIGN KEY(department_id) REFERENCES departments (id)
);
-- next
CREATE TABLE dp_academics_profiles (
	user_id CHAR(32) NOT NULL, 
	office VARCHAR NOT NULL, 
	appointed_date DATE, 
	CONSTRAINT pk_dp_academics_profiles PRIMARY KEY (user_id), 
	CONSTRAINT fk_dp_academics_profiles_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
-- next
CREATE TABLE sign_in_sessions (
	id CHAR(32) NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	client_name VARCHAR NOT NULL, 
	address VARCHAR, 
	start_time DATETIME NOT NULL, 
	last_used_time DATETIME NOT NULL, 
	end_time DATETIME, 
	CONSTRAINT pk_sign_in_sessions PRIMARY KEY (id), 
	CONSTRAINT fk_sign_in_sessions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_sign_in_sessions_last_used_time ON sign_in_sessions (last_used_time);
-- next
CREATE INDEX ix_sign_in_sessions_user_id ON sign_in_sessions (user_id);
-- next
CREATE TABLE mail_tokens (
	token_hash BLOB NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	purpose VARCHAR(40) NOT NULL, 
	email_key VARCHAR NOT NULL, 
	expire_time DATETIME NOT NULL, 
	used_time DATETIME, 
	CONSTRAINT pk_mail_tokens PRIMARY KEY (token_hash), 
	CONSTRAINT fk_mail_tokens_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_mail_tokens_expire_time ON mail_tokens (expire_time);
-- next
CREATE INDEX ix_mail_tokens_user_id ON mail_tokens (user_id);
-- next
CREATE TABLE second_factors (
	user_id CHAR(32) NOT NULL, 
	sealed_secret BLOB NOT NULL, 
	enrol_time DATETIME NOT NULL, 
	enable_time DATETIME, 
	last_step BIGINT NOT NULL, 
	CONSTRAINT pk_second_factors PRIMARY KEY (user_id), 
	CONSTRAINT fk_second_factors_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
-- next
CREATE TABLE recovery_codes (
	code_hash BLOB NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	used_time DATETIME, 
	CONSTRAINT pk_recovery_codes PRIMARY KEY (code_hash), 
	CONSTRAINT fk_recovery_codes_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_recovery_codes_user_id ON recovery_codes (user_id);
-- next
CREATE TABLE devices (
	id CHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	room_id CHAR(32) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	state_reason VARCHAR NOT NULL, 
	hardware_serial VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	wanted_version VARCHAR NOT NULL, 
	command_sequence INTEGER NOT NULL, 
	ca_bundle_digest VARCHAR NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_devices PRIMARY KEY (id), 
	CONSTRAINT fk_devices_room_id_rooms FOREIGN KEY(room_id) REFERENCES rooms (id)
);
-- next
CREATE INDEX ix_devices_room_id ON devices (room_id);
-- next
CREATE TABLE trainer_absences (
	id CHAR(32) NOT NULL, 
	trainer_id CHAR(32) NOT NULL, 
	start_date DATE NOT NULL, 
	end_date DATE NOT NULL, 
	reason VARCHAR NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_trainer_absences PRIMARY KEY (id), 
	CONSTRAINT ck_trainer_absences_dates CHECK (start_date <= end_date), 
	CONSTRAINT fk_trainer_absences_trainer_id_users FOREIGN KEY(trainer_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_trainer_absences_trainer_id_end_date ON trainer_absences (trainer_id, end_date);
-- next
CREATE TABLE face_consents (
	id CHAR(32) NOT NULL, 
	person_id CHAR(32) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	recorded_by CHAR(32), 
	recorded_time DATETIME NOT NULL, 
	guardian_name VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	CONSTRAINT pk_face_consents PRIMARY KEY (id), 
	CONSTRAINT fk_face_consents_person_id_users FOREIGN KEY(person_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_face_consents_person_id_id ON face_consents (person_id, id);
-- next
CREATE TABLE face_registrations (
	person_id CHAR(32) NOT NULL, 
	set_id CHAR(32) NOT NULL, 
	engine VARCHAR NOT NULL, 
	model_sha256 VARCHAR NOT NULL, 
	template_count INTEGER NOT NULL, 
	registered_time DATETIME NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	new_photos_wanted BOOLEAN NOT NULL, 
	CONSTRAINT pk_face_registrations PRIMARY KEY (person_id), 
	CONSTRAINT fk_face_registrations_person_id_users FOREIGN KEY(person_id) REFERENCES users (id)
);
-- next
CREATE TABLE face_clashes (
	id CHAR(32) NOT NULL, 
	person_id CHAR(32) NOT NULL, 
	other_person_id CHAR(32) NOT NULL, 
	similarity DOUBLE NOT NULL, 
	found_time DATETIME NOT NULL, 
	resolution VARCHAR(40), 
	resolved_by CHAR(32), 
	resolved_time DATETIME, 
	CONSTRAINT pk_face_clashes PRIMARY KEY (id), 
	CONSTRAINT fk_face_clashes_person_id_users FOREIGN KEY(person_id) REFERENCES users (id), 
	CONSTRAINT fk_face_clashes_other_person_id_users FOREIGN KEY(other_person_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_face_clashes_found_time ON face_clashes (found_time);
-- next
CREATE INDEX ix_face_clashes_person_id ON face_clashes (person_id);
-- next
CREATE TABLE notifications (
	id CHAR(32) NOT NULL, 
	event_id CHAR(32) NOT NULL, 
	recipient_id CHAR(32) NOT NULL, 
	type VARCHAR(40) NOT NULL, 
	priority VARCHAR(40) NOT NULL, 
	title VARCHAR NOT NULL, 
	body VARCHAR NOT NULL, 
	object_type VARCHAR NOT NULL, 
	object_id CHAR(32) NOT NULL, 
	create_time DATETIME NOT NULL, 
	read_time DATETIME, 
	CONSTRAINT pk_notifications PRIMARY KEY (id), 
	CONSTRAINT uq_notifications_event_id_recipient_id UNIQUE (event_id, recipient_id), 
	CONSTRAINT fk_notifications_recipient_id_users FOREIGN KEY(recipient_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_notifications_recipient_id_id ON notifications (recipient_id, id);
-- next
CREATE TABLE account_mails (
	id CHAR(32) NOT NULL, 
	user_id CHAR(32) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	address VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	create_time DATETIME NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_time DATETIME NOT NULL, 
	failure VARCHAR NOT NULL, 
	CONSTRAINT pk_account_mails PRIMARY KEY (id), 
	CONSTRAINT fk_account_mails_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_account_mails_create_time ON account_mails (create_time);
-- next
CREATE INDEX ix_account_mails_state_due_time ON account_mails (state, due_time);
-- next
CREATE INDEX ix_account_mails_user_id ON account_mails (user_id);
-- next
CREATE TABLE broker_credentials (
	user_id CHAR(32) NOT NULL, 
	password_hash VARCHAR NOT NULL, 
	create_time DATETIME NOT NULL, 
	CONSTRAINT pk_broker_credentials PRIMARY KEY (user_id), 
	CONSTRAINT fk_broker_credentials_user_id_users FOREIGN KEY(user_id) REFERENCES users (id)
);
-- next
CREATE TABLE course_prerequisites (
	course_id CHAR(32) NOT NULL, 
	prerequisite_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_course_prerequisites PRIMARY KEY (course_id, prerequisite_id), 
	CONSTRAINT ck_course_prerequisites_not_itself CHECK (course_id <> prerequisite_id), 
	CONSTRAINT fk_course_prerequisites_course_id_courses FOREIGN KEY(course_id) REFERENCES courses (id), 
	CONSTRAINT fk_course_prerequisites_prerequisite_id_courses FOREIGN KEY(prerequisite_id) REFERENCES courses (id)
);
-- next
CREATE INDEX ix_course_prerequisites_prerequisite_id ON course_prerequisites (prerequisite_id);
-- next
CREATE TABLE topics (
	id CHAR(32) NOT NULL, 
	course_id CHAR(32) NOT NULL, 
	parent_topic_id CHAR(32), 
	position INTEGER NOT NULL, 
	title VARCHAR NOT NULL, 
	description VARCHAR NOT NULL, 
	planned_minutes INTEGER NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_topics PRIMARY KEY (id), 
	CONSTRAINT uq_topics_parent_topic_id_position UNIQUE (parent_topic_id, position), 
	CONSTRAINT ck_topics_planned CHECK (planned_minutes >= 0), 
	CONSTRAINT fk_topics_course_id_courses FOREIGN KEY(course_id) REFERENCES courses (id), 
	CONSTRAINT fk_topics_parent_topic_id_topics FOREIGN KEY(parent_topic_id) REFERENCES topics (id)
);
-- next
CREATE UNIQUE INDEX uq_topics_position ON topics (course_id, position) WHERE parent_topic_id IS NULL;
-- next
CREATE TABLE programme_courses (
	id CHAR(32) NOT NULL, 
	programme_id CHAR(32) NOT NULL, 
	course_id CHAR(32) NOT NULL, 
	year_of_study INTEGER NOT NULL, 
	term_number INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	theory_room_type VARCHAR NOT NULL, 
	practical_room_type VARCHAR NOT NULL, 
	archived BOOLEAN NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_programme_courses PRIMARY KEY (id), 
	CONSTRAINT uq_programme_courses_programme_id_course_id_year_of_study_term_number UNIQUE (programme_id, course_id, year_of_study, term_number), 
	CONSTRAINT ck_programme_courses_place CHECK (year_of_study >= 1 AND term_number >= 1), 
	CONSTRAINT fk_programme_courses_programme_id_programmes FOREIGN KEY(programme_id) REFERENCES programmes (id), 
	CONSTRAINT fk_programme_courses_course_id_courses FOREIGN KEY(course_id) REFERENCES courses (id)
);
-- next
CREATE INDEX ix_programme_courses_course_id ON programme_courses (course_id);
-- next
CREATE INDEX ix_programme_courses_programme_id ON programme_courses (programme_id);
-- next
CREATE TABLE class_groups (
	id CHAR(32) NOT NULL, 
	programme_id CHAR(32) NOT NULL, 
	intake_year INTEGER NOT NULL, 
	stream VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	capacity INTEGER NOT NULL, 
	archived BOOLEAN NOT NULL, 
	graduation_date DATE, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_class_groups PRIMARY KEY (id), 
	CONSTRAINT fk_class_groups_programme_id_programmes FOREIGN KEY(programme_id) REFERENCES programmes (id), 
	CONSTRAINT uq_class_groups_name UNIQUE (name)
);
-- next
CREATE INDEX ix_class_groups_programme_id ON class_groups (programme_id);
-- next
CREATE TABLE trainee_profiles (
	user_id CHAR(32) NOT NULL, 
	admission_number VARCHAR NOT NULL, 
	programme_id CHAR(32), 
	state VARCHAR(40) NOT NULL, 
	guardians JSON NOT NULL, 
	CONSTRAINT pk_trainee_profiles PRIMARY KEY (user_id), 
	CONSTRAINT fk_trainee_profiles_user_id_users FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_trainee_profiles_admission_number UNIQUE (admission_number), 
	CONSTRAINT fk_trainee_profiles_programme_id_programmes FOREIGN KEY(programme_id) REFERENCES programmes (id)
);
-- next
CREATE INDEX ix_trainee_profiles_programme_id ON trainee_profiles (programme_id);
-- next
CREATE TABLE refresh_tokens (
	token_hash BLOB NOT NULL, 
	session_id CHAR(32) NOT NULL, 
	expire_time DATETIME NOT NULL, 
	used_time DATETIME, 
	CONSTRAINT pk_refresh_tokens PRIMARY KEY (token_hash), 
	CONSTRAINT fk_refresh_tokens_session_id_sign_in_sessions FOREIGN KEY(session_id) REFERENCES sign_in_sessions (id) ON DELETE CASCADE
);
-- next
CREATE INDEX ix_refresh_tokens_session_id ON refresh_tokens (session_id);
-- next
CREATE TABLE device_claims (
	device_id CHAR(32) NOT NULL, 
	secret_digest BLOB NOT NULL, 
	expire_time DATETIME NOT NULL, 
	key_digest VARCHAR, 
	certificate_serial VARCHAR, 
	CONSTRAINT pk_device_claims PRIMARY KEY (device_id), 
	CONSTRAINT fk_device_claims_device_id_devices FOREIGN KEY(device_id) REFERENCES devices (id), 
	CONSTRAINT uq_device_claims_secret_digest UNIQUE (secret_digest)
);
-- next
CREATE TABLE device_certificates (
	serial VARCHAR NOT NULL, 
	device_id CHAR(32) NOT NULL, 
	key_digest VARCHAR NOT NULL, 
	pem TEXT NOT NULL, 
	chain_pem TEXT NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	issue_time DATETIME NOT NULL, 
	expire_time DATETIME NOT NULL, 
	first_used_time DATETIME, 
	CONSTRAINT pk_device_certificates PRIMARY KEY (serial), 
	CONSTRAINT fk_device_certificates_device_id_devices FOREIGN KEY(device_id) REFERENCES devices (id)
);
-- next
CREATE INDEX ix_device_certificates_device_id ON device_certificates (device_id);
-- next
CREATE TABLE device_renewal_proofs (
	digest VARCHAR NOT NULL, 
	device_id CHAR(32) NOT NULL, 
	create_time DATETIME NOT NULL, 
	CONSTRAINT pk_device_renewal_proofs PRIMARY KEY (digest), 
	CONSTRAINT fk_device_renewal_proofs_device_id_devices FOREIGN KEY(device_id) REFERENCES devices (id)
);
-- next
CREATE TABLE device_conditions (
	device_id CHAR(32) NOT NULL, 
	last_seen_time DATETIME, 
	clock_offset_s DOUBLE, 
	agent_version VARCHAR NOT NULL, 
	queue_depth BIGINT NOT NULL, 
	watermark_time DATETIME, 
	gallery_version BIGINT NOT NULL, 
	config_version BIGINT NOT NULL, 
	config_error VARCHAR NOT NULL, 
	temperature_celsius DOUBLE NOT NULL, 
	disk_free_ratio DOUBLE NOT NULL, 
	frames_per_second DOUBLE NOT NULL, 
	resident_memory_bytes BIGINT NOT NULL, 
	CONSTRAINT pk_device_conditions PRIMARY KEY (device_id), 
	CONSTRAINT fk_device_conditions_device_id_devices FOREIGN KEY(device_id) REFERENCES devices (id)
);
-- next
CREATE TABLE device_alarms (
	id CHAR(32) NOT NULL, 
	device_id CHAR(32) NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	reason VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	raised_time DATETIME NOT NULL, 
	cleared_time DATETIME, 
	CONSTRAINT pk_device_alarms PRIMARY KEY (id), 
	CONSTRAINT fk_device_alarms_device_id_devices FOREIGN KEY(device_id) REFERENCES devices (id)
);
-- next
CREATE INDEX ix_device_alarms_device_id_cleared_time ON device_alarms (device_id, cleared_time);
-- next
CREATE INDEX ix_device_alarms_raised_time ON device_alarms (raised_time);
-- next
CREATE TABLE device_commands (
	id CHAR(32) NOT NULL, 
	device_id CHAR(32) NOT NULL, 
	sequence INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	arguments JSON NOT NULL, 
	create_time DATETIME NOT NULL, 
	CONSTRAINT pk_device_commands PRIMARY KEY (id), 
	CONSTRAINT uq_device_commands_device_id_sequence UNIQUE (device_id, sequence), 
	CONSTRAINT fk_device_commands_device_id_devices FOREIGN KEY(device_id) REFERENCES devices (id)
);
-- next
CREATE INDEX ix_device_commands_create_time ON device_commands (create_time);
-- next
CREATE TABLE device_logs (
	id CHAR(32) NOT NULL, 
	device_id CHAR(32) NOT NULL, 
	command_id CHAR(32), 
	uploaded_time DATETIME NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_device_logs PRIMARY KEY (id), 
	CONSTRAINT fk_device_logs_device_id_devices FOREIGN KEY(device_id) REFERENCES devices (id)
);
-- next
CREATE INDEX ix_device_logs_device_id ON device_logs (device_id);
-- next
CREATE INDEX ix_device_logs_uploaded_time ON device_logs (uploaded_time);
-- next
CREATE TABLE trainer_availabilities (
	id CHAR(32) NOT NULL, 
	trainer_id CHAR(32) NOT NULL, 
	term_id CHAR(32), 
	windows JSON NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_trainer_availabilities PRIMARY KEY (id), 
	CONSTRAINT uq_trainer_availabilities_trainer_id_term_id UNIQUE (trainer_id, term_id), 
	CONSTRAINT fk_trainer_availabilities_trainer_id_users FOREIGN KEY(trainer_id) REFERENCES users (id), 
	CONSTRAINT fk_trainer_availabilities_term_id_terms FOREIGN KEY(term_id) REFERENCES terms (id)
);
-- next
CREATE UNIQUE INDEX uq_trainer_availabilities_all_terms ON trainer_availabilities (trainer_id) WHERE term_id IS NULL;
-- next
CREATE TABLE timetable_versions (
	id CHAR(32) NOT NULL, 
	term_id CHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	title VARCHAR NOT NULL, 
	base_version_id CHAR(32), 
	effective_date DATE, 
	end_date DATE, 
	publish_time DATETIME, 
	change_count INTEGER NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_timetable_versions PRIMARY KEY (id), 
	CONSTRAINT uq_timetable_versions_term_id_number UNIQUE (term_id, number), 
	CONSTRAINT fk_timetable_versions_term_id_terms FOREIGN KEY(term_id) REFERENCES terms (id), 
	CONSTRAINT fk_timetable_versions_base_version_id_timetable_versions FOREIGN KEY(base_version_id) REFERENCES timetable_versions (id)
);
-- next
CREATE TABLE face_templates (
	person_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	set_id CHAR(32) NOT NULL, 
	key_id VARCHAR NOT NULL, 
	nonce BLOB NOT NULL, 
	ciphertext BLOB NOT NULL, 
	CONSTRAINT pk_face_templates PRIMARY KEY (person_id, position), 
	CONSTRAINT fk_face_templates_person_id_face_registrations FOREIGN KEY(person_id) REFERENCES face_registrations (person_id) ON DELETE CASCADE
);
-- next
CREATE INDEX ix_face_templates_key_id ON face_templates (key_id);
-- next
CREATE TABLE notification_deliveries (
	notification_id CHAR(32) NOT NULL, 
	channel VARCHAR(40) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_time DATETIME NOT NULL, 
	failure VARCHAR NOT NULL, 
	CONSTRAINT pk_notification_deliveries PRIMARY KEY (notification_id, channel), 
	CONSTRAINT fk_notification_deliveries_notification_id_notifications FOREIGN KEY(notification_id) REFERENCES notifications (id)
);
-- next
CREATE INDEX ix_notification_deliveries_channel_state_due_time ON notification_deliveries (channel, state, due_time);
-- next
CREATE TABLE enrolments (
	id CHAR(32) NOT NULL, 
	class_group_id CHAR(32) NOT NULL, 
	course_id CHAR(32) NOT NULL, 
	term_id CHAR(32) NOT NULL, 
	programme_course_id CHAR(32) NOT NULL, 
	trainer_id CHAR(32) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	cancel_reason VARCHAR NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_enrolments PRIMARY KEY (id), 
	CONSTRAINT fk_enrolments_class_group_id_class_groups FOREIGN KEY(class_group_id) REFERENCES class_groups (id), 
	CONSTRAINT fk_enrolments_course_id_courses FOREIGN KEY(course_id) REFERENCES courses (id), 
	CONSTRAINT fk_enrolments_term_id_terms FOREIGN KEY(term_id) REFERENCES terms (id), 
	CONSTRAINT fk_enrolments_programme_course_id_programme_courses FOREIGN KEY(programme_course_id) REFERENCES programme_courses (id), 
	CONSTRAINT fk_enrolments_trainer_id_users FOREIGN KEY(trainer_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_enrolments_class_group_id ON enrolments (class_group_id);
-- next
CREATE INDEX ix_enrolments_course_id ON enrolments (course_id);
-- next
CREATE INDEX ix_enrolments_programme_course_id ON enrolments (programme_course_id);
-- next
CREATE INDEX ix_enrolments_term_id ON enrolments (term_id);
-- next
CREATE INDEX ix_enrolments_trainer_id ON enrolments (trainer_id);
-- next
CREATE UNIQUE INDEX uq_enrolments_live ON enrolments (class_group_id, course_id, term_id) WHERE state <> 'CANCELLED';
-- next
CREATE TABLE calendar_days (
	id CHAR(32) NOT NULL, 
	date DATE NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	name VARCHAR NOT NULL, 
	class_group_id CHAR(32), 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_calendar_days PRIMARY KEY (id), 
	CONSTRAINT uq_calendar_days_date_class_group_id UNIQUE (date, class_group_id), 
	CONSTRAINT fk_calendar_days_class_group_id_class_groups FOREIGN KEY(class_group_id) REFERENCES class_groups (id)
);
-- next
CREATE UNIQUE INDEX uq_calendar_days_school ON calendar_days (date) WHERE class_group_id IS NULL;
-- next
CREATE TABLE memberships (
	id CHAR(32) NOT NULL, 
	trainee_id CHAR(32) NOT NULL, 
	class_group_id CHAR(32) NOT NULL, 
	start_date DATE NOT NULL, 
	end_date DATE, 
	CONSTRAINT pk_memberships PRIMARY KEY (id), 
	CONSTRAINT ck_memberships_dates CHECK (end_date IS NULL OR start_date < end_date), 
	CONSTRAINT fk_memberships_trainee_id_trainee_profiles FOREIGN KEY(trainee_id) REFERENCES trainee_profiles (user_id), 
	CONSTRAINT fk_memberships_class_group_id_class_groups FOREIGN KEY(class_group_id) REFERENCES class_groups (id)
);
-- next
CREATE INDEX ix_memberships_class_group_id_start_date ON memberships (class_group_id, start_date);
-- next
CREATE INDEX ix_memberships_trainee_id ON memberships (trainee_id);
-- next
CREATE UNIQUE INDEX uq_memberships_open ON memberships (trainee_id) WHERE end_date IS NULL;
-- next
CREATE TABLE timetable_feeds (
	id CHAR(32) NOT NULL, 
	token_hash BLOB NOT NULL, 
	owner_id CHAR(32) NOT NULL, 
	person_id CHAR(32), 
	class_group_id CHAR(32), 
	room_id CHAR(32), 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_timetable_feeds PRIMARY KEY (id), 
	CONSTRAINT ck_timetable_feeds_one_subject CHECK ((CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN class_group_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN room_id IS NULL THEN 0 ELSE 1 END) = 1), 
	CONSTRAINT uq_timetable_feeds_token_hash UNIQUE (token_hash), 
	CONSTRAINT fk_timetable_feeds_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id), 
	CONSTRAINT fk_timetable_feeds_person_id_users FOREIGN KEY(person_id) REFERENCES users (id), 
	CONSTRAINT fk_timetable_feeds_class_group_id_class_groups FOREIGN KEY(class_group_id) REFERENCES class_groups (id), 
	CONSTRAINT fk_timetable_feeds_room_id_rooms FOREIGN KEY(room_id) REFERENCES rooms (id)
);
-- next
CREATE INDEX ix_timetable_feeds_owner_id ON timetable_feeds (owner_id);
-- next
CREATE TABLE attendance_sessions (
	id CHAR(32) NOT NULL, 
	enrolment_id CHAR(32) NOT NULL, 
	class_group_id CHAR(32) NOT NULL, 
	trainer_id CHAR(32) NOT NULL, 
	substitute_trainer_id CHAR(32), 
	room_id CHAR(32) NOT NULL, 
	lesson_id CHAR(32), 
	lesson_key_date DATE, 
	withdrawn BOOLEAN NOT NULL, 
	session_date DATE NOT NULL, 
	planned_start_time DATETIME NOT NULL, 
	planned_end_time DATETIME NOT NULL, 
	actual_start_time DATETIME, 
	actual_end_time DATETIME, 
	kind VARCHAR(40) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	reason VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	policy JSON, 
	absences_final BOOLEAN NOT NULL, 
	told JSON NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_attendance_sessions PRIMARY KEY (id), 
	CONSTRAINT ck_attendance_sessions_times CHECK (planned_start_time < planned_end_time), 
	CONSTRAINT fk_attendance_sessions_enrolment_id_enrolments FOREIGN KEY(enrolment_id) REFERENCES enrolments (id), 
	CONSTRAINT fk_attendance_sessions_class_group_id_class_groups FOREIGN KEY(class_group_id) REFERENCES class_groups (id), 
	CONSTRAINT fk_attendance_sessions_trainer_id_users FOREIGN KEY(trainer_id) REFERENCES users (id), 
	CONSTRAINT fk_attendance_sessions_substitute_trainer_id_users FOREIGN KEY(substitute_trainer_id) REFERENCES users (id), 
	CONSTRAINT fk_attendance_sessions_room_id_rooms FOREIGN KEY(room_id) REFERENCES rooms (id)
);
-- next
CREATE INDEX ix_attendance_sessions_class_group_id ON attendance_sessions (class_group_id);
-- next
CREATE INDEX ix_attendance_sessions_enrolment_id ON attendance_sessions (enrolment_id);
-- next
CREATE INDEX ix_attendance_sessions_room_id_planned_start_time ON attendance_sessions (room_id, planned_start_time);
-- next
CREATE INDEX ix_attendance_sessions_state_planned_start_time ON attendance_sessions (state, planned_start_time);
-- next
CREATE INDEX ix_attendance_sessions_substitute_trainer_id ON attendance_sessions (substitute_trainer_id);
-- next
CREATE INDEX ix_attendance_sessions_trainer_id ON attendance_sessions (trainer_id);
-- next
CREATE UNIQUE INDEX uq_attendance_sessions_lesson ON attendance_sessions (lesson_id, lesson_key_date) WHERE NOT withdrawn;
-- next
CREATE TABLE enrolment_exceptions (
	id CHAR(32) NOT NULL, 
	enrolment_id CHAR(32) NOT NULL, 
	trainee_id CHAR(32) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	start_date DATE NOT NULL, 
	end_date DATE, 
	reason VARCHAR NOT NULL, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_enrolment_exceptions PRIMARY KEY (id), 
	CONSTRAINT ck_enrolment_exceptions_dates CHECK (end_date IS NULL OR start_date <= end_date), 
	CONSTRAINT fk_enrolment_exceptions_enrolment_id_enrolments FOREIGN KEY(enrolment_id) REFERENCES enrolments (id), 
	CONSTRAINT fk_enrolment_exceptions_trainee_id_users FOREIGN KEY(trainee_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_enrolment_exceptions_enrolment_id ON enrolment_exceptions (enrolment_id);
-- next
CREATE INDEX ix_enrolment_exceptions_trainee_id ON enrolment_exceptions (trainee_id);
-- next
CREATE TABLE covered_topics (
	session_id CHAR(32) NOT NULL, 
	topic_id CHAR(32) NOT NULL, 
	enrolment_id CHAR(32) NOT NULL, 
	session_date DATE NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_covered_topics PRIMARY KEY (session_id, topic_id), 
	CONSTRAINT fk_covered_topics_topic_id_topics FOREIGN KEY(topic_id) REFERENCES topics (id), 
	CONSTRAINT fk_covered_topics_enrolment_id_enrolments FOREIGN KEY(enrolment_id) REFERENCES enrolments (id)
);
-- next
CREATE INDEX ix_covered_topics_enrolment_id ON covered_topics (enrolment_id);
-- next
CREATE INDEX ix_covered_topics_topic_id ON covered_topics (topic_id);
-- next
CREATE TABLE timetable_entries (
	id CHAR(32) NOT NULL, 
	version_id CHAR(32) NOT NULL, 
	lesson_id CHAR(32) NOT NULL, 
	enrolment_id CHAR(32) NOT NULL, 
	term_id CHAR(32) NOT NULL, 
	trainer_id CHAR(32) NOT NULL, 
	class_group_id CHAR(32) NOT NULL, 
	room_id CHAR(32) NOT NULL, 
	weekday INTEGER NOT NULL, 
	start_time_of_day TIME NOT NULL, 
	end_time_of_day TIME NOT NULL, 
	session_type VARCHAR(40) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	week_pattern VARCHAR(40) NOT NULL, 
	anchor_date DATE, 
	dates JSON NOT NULL, 
	start_date DATE NOT NULL, 
	end_date DATE NOT NULL, 
	facilities JSON NOT NULL, 
	pinned BOOLEAN NOT NULL, 
	outside_day_pattern BOOLEAN NOT NULL, 
	withdraw_time DATETIME, 
	etag INTEGER NOT NULL, 
	create_time DATETIME NOT NULL, 
	update_time DATETIME NOT NULL, 
	CONSTRAINT pk_timetable_entries PRIMARY KEY (id), 
	CONSTRAINT ck_timetable_entries_weekday CHECK (weekday BETWEEN 1 AND 7), 
	CONSTRAINT ck_timetable_entries_times CHECK (start_time_of_day < end_time_of_day), 
	CONSTRAINT ck_timetable_entries_dates CHECK (start_date <= end_date), 
	CONSTRAINT uq_timetable_entries_version_id_lesson_id UNIQUE (version_id, lesson_id), 
	CONSTRAINT fk_timetable_entries_version_id_timetable_versions FOREIGN KEY(version_id) REFERENCES timetable_versions (id), 
	CONSTRAINT fk_timetable_entries_enrolment_id_enrolments FOREIGN KEY(enrolment_id) REFERENCES enrolments (id), 
	CONSTRAINT fk_timetable_entries_term_id_terms FOREIGN KEY(term_id) REFERENCES terms (id), 
	CONSTRAINT fk_timetable_entries_trainer_id_users FOREIGN KEY(trainer_id) REFERENCES users (id), 
	CONSTRAINT fk_timetable_entries_class_group_id_class_groups FOREIGN KEY(class_group_id) REFERENCES class_groups (id), 
	CONSTRAINT fk_timetable_entries_room_id_rooms FOREIGN KEY(room_id) REFERENCES rooms (id)
);
-- next
CREATE INDEX ix_timetable_entries_enrolment_id ON timetable_entries (enrolment_id);
-- next
CREATE INDEX ix_timetable_entries_lesson_id ON timetable_entries (lesson_id);
-- next
CREATE INDEX ix_timetable_entries_term_id ON timetable_entries (term_id);
-- next
CREATE INDEX ix_timetable_entries_version_id_class_group_id ON timetable_entries (version_id, class_group_id);
-- next
CREATE INDEX ix_timetable_entries_version_id_room_id ON timetable_entries (version_id, room_id);
-- next
CREATE INDEX ix_timetable_entries_version_id_trainer_id ON timetable_entries (version_id, trainer_id);
-- next
CREATE TABLE attendance_records (
	id CHAR(32) NOT NULL, 
	session_id CHAR(32) NOT NULL, 
	trainee_id CHAR(32) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	first_check_in_time DATETIME, 
	last_check_in_time DATETIME, 
	note VARCHAR NOT NULL, 
	CONSTRAINT pk_attendance_records PRIMARY KEY (id), 
	CONSTRAINT uq_attendance_records_session_id_trainee_id UNIQUE (session_id, trainee_id), 
	CONSTRAINT fk_attendance_records_session_id_attendance_sessions FOREIGN KEY(session_id) REFERENCES attendance_sessions (id), 
	CONSTRAINT fk_attendance_records_trainee_id_users FOREIGN KEY(trainee_id) REFERENCES users (id)
);
-- next
CREATE INDEX ix_attendance_records_trainee_id ON attendance_records (trainee_id);
-- next
CREATE TABLE timetable_bookings (
	id CHAR(32) NOT NULL, 
	entry_id CHAR(32) NOT NULL, 
	version_id CHAR(32) NOT NULL, 
	room_id CHAR(32), 
	trainer_id CHAR(32) NOT NULL, 
	class_group_id CHAR(32) NOT NULL, 
	weekday SMALLINT NOT NULL, 
	start_time_of_day TIME NOT NULL, 
	end_time_of_day TIME NOT NULL, 
	first_date DATE NOT NULL, 
	last_date DATE NOT NULL, 
	phase_from SMALLINT NOT NULL, 
	phase_to SMALLINT NOT NULL, 
	CONSTRAINT pk_timetable_bookings PRIMARY KEY (id), 
	CONSTRAINT fk_timetable_bookings_entry_id_timetable_entries FOREIGN KEY(entry_id) REFERENCES timetable_entries (id) ON DELETE CASCADE, 
	CONSTRAINT fk_timetable_bookings_version_id_timetable_versions FOREIGN KEY(version_id) REFERENCES timetable_versions (id), 
	CONSTRAINT fk_timetable_bookings_room_id_rooms FOREIGN KEY(room_id) REFERENCES rooms (id), 
	CONSTRAINT fk_timetable_bookings_trainer_id_users FOREIGN KEY(trainer_id) REFERENCES users (id), 
	CONSTRAINT fk_timetable_bookings_class_group_id_class_groups FOREIGN KEY(class_group_id) REFERENCES class_groups (id)
);
-- next
CREATE INDEX ix_timetable_bookings_entry_id ON timetable_bookings (entry_id);
-- next
CREATE INDEX ix_timetable_bookings_version_id_class_group_id_weekday ON timetable_bookings (version_id, class_group_id, weekday);
-- next
CREATE INDEX ix_timetable_bookings_version_id_room_id_weekday ON timetable_bookings (version_id, room_id, weekday);
-- next
CREATE INDEX ix_timetable_bookings_version_id_trainer_id_weekday ON timetable_bookings (version_id, trainer_id, weekday);
-- next
CREATE TRIGGER ex_timetable_bookings_room_id_insert BEFORE INSERT ON timetable_bookings WHEN EXISTS (SELECT 1 FROM timetable_bookings AS other WHERE other.version_id = NEW.version_id AND other.room_id = NEW.room_id AND other.weekday = NEW.weekday AND other.id <> NEW.id AND other.start_time_of_day < NEW.end_time_of_day AND NEW.start_time_of_day < other.end_time_of_day AND other.first_date <= NEW.last_date AND NEW.first_date <= other.last_date AND other.phase_from < NEW.phase_to AND NEW.phase_from < other.phase_to) BEGIN SELECT RAISE(ABORT, 'double booking: room_id'); END;
-- next
CREATE TRIGGER ex_timetable_bookings_room_id_update BEFORE UPDATE ON timetable_bookings WHEN EXISTS (SELECT 1 FROM timetable_bookings AS other WHERE other.version_id = NEW.version_id AND other.room_id = NEW.room_id AND other.weekday = NEW.weekday AND other.id <> NEW.id AND other.start_time_of_day < NEW.end_time_of_day AND NEW.start_time_of_day < other.end_time_of_day AND other.first_date <= NEW.last_date AND NEW.first_date <= other.last_date AND other.phase_from < NEW.phase_to AND NEW.phase_from < other.phase_to) BEGIN SELECT RAISE(ABORT, 'double booking: room_id'); END;
-- next
CREATE TRIGGER ex_timetable_bookings_trainer_id_insert BEFORE INSERT ON timetable_bookings WHEN EXISTS (SELECT 1 FROM timetable_bookings AS other WHERE other.version_id = NEW.version_id AND other.trainer_id = NEW.trainer_id AND other.weekday = NEW.weekday AND other.id <> NEW.id AND other.start_time_of_day < NEW.end_time_of_day AND NEW.start_time_of_day < other.end_time_of_day AND other.first_date <= NEW.last_date AND NEW.first_date <= other.last_date AND other.phase_from < NEW.phase_to AND NEW.phase_from < other.phase_to) BEGIN SELECT RAISE(ABORT, 'double booking: trainer_id'); END;
-- next
CREATE TRIGGER ex_timetable_bookings_trainer_id_update BEFORE UPDATE ON timetable_bookings WHEN EXISTS (SELECT 1 FROM timetable_bookings AS other WHERE other.version_id = NEW.version_id AND other.trainer_id = NEW.trainer_id AND other.weekday = NEW.weekday AND other.id <> NEW.id AND other.start_time_of_day < NEW.end_time_of_day AND NEW.start_time_of_day < other.end_time_of_day AND other.first_date <= NEW.last_date AND NEW.first_date <= other.last_date AND other.phase_from < NEW.phase_to AND NEW.phase_from < other.phase_to) BEGIN SELECT RAISE(ABORT, 'double booking: trainer_id'); END;
-- next
CREATE TRIGGER ex_timetable_bookings_class_group_id_insert BEFORE INSERT ON timetable_bookings WHEN EXISTS (SELECT 1 FROM timetable_bookings AS other WHERE other.version_id = NEW.version_id AND other.class_group_id = NEW.class_group_id AND other.weekday = NEW.weekday AND other.id <> NEW.id AND other.start_time_of_day < NEW.end_time_of_day AND NEW.start_time_of_day < other.end_time_of_day AND other.first_date <= NEW.last_date AND NEW.first_date <= other.last_date AND other.phase_from < NEW.phase_to AND NEW.phase_from < other.phase_to) BEGIN SELECT RAISE(ABORT, 'double booking: class_group_id'); END;
-- next
CREATE TRIGGER ex_timetable_bookings_class_group_id_update BEFORE UPDATE ON timetable_bookings WHEN EXISTS (SELECT 1 FROM timetable_bookings AS other WHERE other.version_id = NEW.version_id AND other.class_group_id = NEW.class_group_id AND other.weekday = NEW.weekday AND other.id <> NEW.id AND other.start_time_of_day < NEW.end_time_of_day AND NEW.start_time_of_day < other.end_time_of_day AND other.first_date <= NEW.last_date AND NEW.first_date <= other.last_date AND other.phase_from < NEW.phase_to AND NEW.phase_from < other.phase_to) BEGIN SELECT RAISE(ABORT, 'double booking: class_group_id'); END;
-- next
CREATE TABLE attendance_record_changes (
	id CHAR(32) NOT NULL, 
	record_id CHAR(32) NOT NULL, 
	session_id CHAR(32) NOT NULL, 
	"before" VARCHAR(40), 
	"after" VARCHAR(40) NOT NULL, 
	change_time DATETIME NOT NULL, 
	actor_kind VARCHAR NOT NULL, 
	actor_id CHAR(32), 
	reason VARCHAR NOT NULL, 
	CONSTRAINT pk_attendance_record_changes PRIMARY KEY (id), 
	CONSTRAINT fk_attendance_record_changes_record_id_attendance_records FOREIGN KEY(record_id) REFERENCES attendance_records (id), 
	CONSTRAINT fk_attendance_record_changes_session_id_attendance_sessions FOREIGN KEY(session_id) REFERENCES attendance_sessions (id)
);
-- next
CREATE INDEX ix_attendance_record_changes_record_id ON attendance_record_changes (record_id);
-- next
CREATE INDEX ix_attendance_record_changes_session_id ON attendance_record_changes (session_id);
