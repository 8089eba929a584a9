import sqlite3
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        # The log lies beside the program, so the account must own the folder.
        with sqlite3.connect("log.sqlite") as log:
            log.execute("create table if not exists visit (path text)")
            log.execute("insert into visit values (?)", (self.path,))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"written down\n")


HTTPServer(("", 8000), Answer).serve_forever()
