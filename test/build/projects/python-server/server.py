from http.server import BaseHTTPRequestHandler, HTTPServer

import sounding


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{sounding.feet(7)} feet\n".encode())


HTTPServer(("", 8000), Answer).serve_forever()
