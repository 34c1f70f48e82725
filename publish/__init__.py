"""The third room: answers to people. Datasette pages, drawings, exports, and the command."""
