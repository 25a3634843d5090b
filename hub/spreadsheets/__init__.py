"""Spreadsheets that people fill in: templates, exports and uploads, each declared once as sheets and columns.

Words: a *sheet* is declared by its *columns*; a *reading* is what an upload holds, rows and *problems* together.
"""
