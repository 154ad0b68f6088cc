# Reads mails (one per line, base64) by Python's own e-mail package, which knows nothing of the product, and says what it found:
# one line of JSON per mail. markup counts elements and attributes in the page that the product never writes.
import base64
import email
import email.policy
import html.parser
import json
import sys

ALLOWED = {'html': {'lang', 'dir'}, 'head': set(), 'meta': {'charset'}, 'title': set(), 'body': set(), 'h1': set(), 'p': set(), 'dl': set(),
           'dt': set(), 'dd': set(), 'bdi': set(), 'a': {'href'}, 'br': set(), 'strong': set()}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.odd = 0

    def handle_starttag(self, tag, attributes):
        self.odd += tag not in ALLOWED
        for name, value in attributes:
            self.odd += name not in ALLOWED.get(tag, set()) or (name == 'href' and not value.startswith('http'))


# Headers in UTF-8 (SMTPUTF8) reach a parser of bytes as escapes.
def whole(text):
    return text.encode('utf-8', 'surrogateescape').decode('utf-8')


for line in sys.stdin:
    mail = email.message_from_bytes(base64.b64decode(line), policy=email.policy.default)
    to = mail['To'].addresses
    text, page = mail.get_payload()
    parser = Page()
    parser.feed(page.get_content())
    print(json.dumps({
        'id': mail['Message-ID'].strip('<>'), 'names': mail.keys(), 'name': whole(to[0].display_name) if len(to) == 1 else '',
        'address': whole(to[0].addr_spec) if len(to) == 1 else '', 'text': text.get_content(), 'markup': parser.odd,
    }))
