import json
import os
import unittest
import urllib.request
import uuid

import ory_client
from ory_client.api.v0alpha2_api import V0alpha2Api

ORY_MOCK = os.environ.get("ORY_MOCK_URL", "http://localhost:4000")


def control(method, url, body=None):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None


class WhoamiTest(unittest.TestCase):
    def setUp(self):
        name = uuid.uuid4().hex
        self.url = f"{ORY_MOCK}/~{name}"  # a sandbox of this test's own
        self.addCleanup(control, "DELETE", f"{ORY_MOCK}/__mock/sandboxes/{name}")
        self.ory = V0alpha2Api(ory_client.ApiClient(ory_client.Configuration(host=self.url)))
        control("POST", f"{self.url}/__mock/identities", {"email": "ada@example.com"})
        self.token = control("POST", f"{self.url}/__mock/sessions", {"identity": "ada@example.com"})["session_token"]

    def test_a_session_ends_when_its_time_has_come(self):
        self.assertEqual(self.ory.to_session(x_session_token=self.token).identity.traits["email"], "ada@example.com")
        control("POST", f"{self.url}/__mock/clock/advance", {"by": "25h"})
        with self.assertRaises(ory_client.exceptions.UnauthorizedException):
            self.ory.to_session(x_session_token=self.token)

    def test_a_second_factor_is_asked_for(self):
        control("POST", f"{self.url}/__mock/switches", {"name": "aal2-required"})
        with self.assertRaises(ory_client.exceptions.ForbiddenException) as refused:
            self.ory.to_session(x_session_token=self.token)
        self.assertEqual(json.loads(refused.exception.body)["error"]["id"], "session_aal2_required")


if __name__ == "__main__":
    unittest.main()
