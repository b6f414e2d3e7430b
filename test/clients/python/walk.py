"""Calls every operation with Ory's generated client for Python, which checks each success body against its models.

Usage: python walk.py URL. Prints the name of each method whose answer was decoded, one a line.
"""

import json
import re
import sys

import ory_client
from ory_client.api import metadata_api, read_api, v0alpha2_api, write_api
from ory_client import models

PASSWORD = "correct-horse-battery-staple"


class Recorder:
    """An API whose calls are noted when their answer has been decoded."""

    def __init__(self, api, noted):
        self._api = api
        self._noted = noted

    def __getattr__(self, name):
        method = getattr(self._api, name)

        def call(*args, **kwargs):
            answer = method(*args, **kwargs)
            self._noted.append(name)
            return answer

        return call


class Walk:
    def __init__(self, url):
        configuration = ory_client.Configuration(host=url, access_token="any-token")
        client = self.client = ory_client.ApiClient(configuration)
        self.noted = []
        self.ory = Recorder(v0alpha2_api.V0alpha2Api(client), self.noted)
        self.metadata = Recorder(metadata_api.MetadataApi(client), self.noted)
        self.read = Recorder(read_api.ReadApi(client), self.noted)
        self.write = Recorder(write_api.WriteApi(client), self.noted)

    def all(self):
        self.what_is_open()
        self.native_app()
        self.browser()
        self.administrator()
        self.permissions()
        self.projects()

    def what_is_open(self):
        self.metadata.is_alive()
        self.metadata.is_ready()
        self.metadata.get_version()
        self.ory.get_web_authn_java_script()
        assert "default" in [schema.name for schema in self.ory.list_identity_schemas().value]
        self.ory.get_identity_schema("default")

    def sign_in(self, identifier):
        flow = self.ory.initialize_self_service_login_flow_without_browser()
        self.ory.get_self_service_login_flow(flow.id)
        body = models.SubmitSelfServiceLoginFlowBody(method="password", identifier=identifier, password=PASSWORD)
        return self.ory.submit_self_service_login_flow(flow.id, body)

    def native_app(self):
        flow = self.ory.initialize_self_service_registration_flow_without_browser()
        self.ory.get_self_service_registration_flow(flow.id)
        body = models.SubmitSelfServiceRegistrationFlowBody(
            method="password", password=PASSWORD, traits={"email": "python@example.com"}
        )
        token = self.ory.submit_self_service_registration_flow(flow.id, body).session_token
        assert self.ory.to_session(x_session_token=token).identity.traits["email"] == "python@example.com"
        second = self.sign_in("python@example.com").session_token
        others = self.ory.list_sessions(x_session_token=second).value
        # the document names no header for this operation, so the client as a whole has to send it
        self.send_always("X-Session-Token", second)
        self.ory.revoke_session(others[0].id)
        self.send_always("X-Session-Token", None)
        self.sign_in("python@example.com")
        assert self.ory.revoke_sessions(x_session_token=second).count >= 1
        self.settings(second)
        self.recovery_and_verification()
        self.ory.submit_self_service_logout_flow_without_browser(
            models.SubmitSelfServiceLogoutFlowWithoutBrowserBody(session_token=second)
        )

    def send_always(self, header, value):
        """Sends a header with every request from now on, or not any more."""
        if value is None:
            del self.client.default_headers[header]
        else:
            self.client.set_default_header(header, value)

    def settings(self, token):
        flow = self.ory.initialize_self_service_settings_flow_without_browser(x_session_token=token)
        self.ory.get_self_service_settings_flow(flow.id, x_session_token=token)
        body = models.SubmitSelfServiceSettingsFlowBody(
            method="profile", traits={"email": "python@example.com", "name": {"first": "Py"}}
        )
        self.ory.submit_self_service_settings_flow(flow.id, body, x_session_token=token)

    def recovery_and_verification(self):
        flow = self.ory.initialize_self_service_recovery_flow_without_browser()
        self.ory.get_self_service_recovery_flow(flow.id)
        body = models.SubmitSelfServiceRecoveryFlowBody(method="link", email="python@example.com")
        self.ory.submit_self_service_recovery_flow(flow.id, body)
        flow = self.ory.initialize_self_service_verification_flow_without_browser()
        self.ory.get_self_service_verification_flow(flow.id)
        body = models.SubmitSelfServiceVerificationFlowBody(method="link", email="python@example.com")
        self.ory.submit_self_service_verification_flow(flow.id, body)

    def browser(self):
        self.ory.initialize_self_service_login_flow_for_browsers()
        self.ory.initialize_self_service_recovery_flow_for_browsers()
        self.ory.initialize_self_service_verification_flow_for_browsers()
        flow, _, headers = self.ory.initialize_self_service_registration_flow_for_browsers(
            _return_http_data_only=False
        )
        body = models.SubmitSelfServiceRegistrationFlowBody(
            method="password", password=PASSWORD, traits={"email": "browser.py@example.com"}, csrf_token=csrf_of(flow)
        )
        _, _, signed_up = self.ory.submit_self_service_registration_flow(
            flow.id, body, cookie=cookies_of(headers), _return_http_data_only=False
        )
        cookie = cookies_of(headers, signed_up)
        logout = self.ory.create_self_service_logout_flow_url_for_browsers(cookie=cookie)
        self.send_always("Cookie", cookie)
        self.ory.initialize_self_service_settings_flow_for_browsers()
        self.ory.submit_self_service_logout_flow(token=logout.logout_token)
        self.ory.get_self_service_error("stub:500")
        self.send_always("Cookie", None)

    def administrator(self):
        body = models.AdminCreateIdentityBody(
            schema_id="default",
            traits={"email": "made.py@example.com"},
            credentials=models.AdminIdentityImportCredentials(
                password=models.AdminCreateIdentityImportCredentialsPassword(
                    config=models.AdminCreateIdentityImportCredentialsPasswordConfig(password=PASSWORD)
                )
            ),
        )
        made = self.ory.admin_create_identity(admin_create_identity_body=body)
        assert made.id in [identity.id for identity in self.ory.admin_list_identities(per_page=250).value]
        self.ory.admin_get_identity(made.id)
        update = models.AdminUpdateIdentityBody(
            schema_id="default", state=models.IdentityState("active"), traits={"email": "made.py@example.com"}
        )
        self.ory.admin_update_identity(made.id, admin_update_identity_body=update)
        patch = models.JsonPatchDocument([models.JsonPatch(op="add", path="/traits/name", value={"first": "Mo"})])
        self.ory.admin_patch_identity(made.id, json_patch_document=patch)
        self.sign_in("made.py@example.com")
        sessions = self.ory.admin_list_identity_sessions(made.id, active=True).value
        self.ory.admin_extend_session(sessions[0].id)
        link = models.AdminCreateSelfServiceRecoveryLinkBody(identity_id=made.id, expires_in="1h")
        self.ory.admin_create_self_service_recovery_link(admin_create_self_service_recovery_link_body=link)
        self.ory.admin_delete_identity_sessions(made.id)
        self.ory.admin_delete_identity(made.id)

    def permissions(self):
        tuple_ = {"namespace": "files", "object": "p", "relation": "view", "subject_id": "ann"}
        self.write.create_relation_tuple(relation_query=models.RelationQuery(**tuple_))
        other = models.InternalRelationTuple(
            namespace="files",
            object="q",
            relation="view",
            subject_set=models.SubjectSet(namespace="files", object="p", relation="view"),
        )
        self.write.patch_relation_tuples(patch_delta=[models.PatchDelta(action="insert", relation_tuple=other)])
        assert len(self.read.get_relation_tuples(namespace="files").relation_tuples) >= 2
        assert self.read.get_check(**tuple_).allowed
        assert self.read.post_check(relation_query=models.RelationQuery(**tuple_)).allowed
        self.read.get_expand("files", "q", "view")
        self.write.delete_relation_tuples(namespace="files")

    def projects(self):
        own = self.ory.list_projects().value[0].id
        # the client cannot decode members: its model of the list names a model that it does not have
        raw = self.ory.get_project_members(own, _preload_content=False)
        self.ory.remove_project_member(own, json.loads(raw.data)[0]["id"])
        made = self.ory.create_project(create_project_body=models.CreateProjectBody(name="Python"))
        project = self.ory.get_project(made.id)
        path = "/services/identity/config/selfservice/flows/login/lifespan"
        self.ory.patch_project(made.id, json_patch=[models.JsonPatch(op="replace", path=path, value="5m")])
        update = models.UpdateProject(
            name="Renamed",
            services=models.ProjectServices(
                identity=models.ProjectServiceIdentity(config=project.services.identity.config),
                permission=models.ProjectServicePermission(config=project.services.permission.config),
            ),
        )
        self.ory.update_project(made.id, update_project=update)
        self.ory.purge_project(made.id)


def csrf_of(flow):
    for node in flow.ui.nodes.value:
        if getattr(node.attributes, "name", None) == "csrf_token":
            return node.attributes.value
    raise AssertionError("the flow has no anti-CSRF token")


def cookies_of(*answers):
    """The cookies that answers set, as a browser would send them back."""
    jar = {}
    for headers in answers:
        for pair in re.findall(r"(?:^|, )([\w-]+=[^;,]*);", headers.get("Set-Cookie", "")):
            name, value = pair.split("=", 1)
            jar[name] = value
    return "; ".join(f"{name}={value}" for name, value in jar.items())


if __name__ == "__main__":
    walk = Walk(sys.argv[1])
    walk.all()
    print("\n".join(sorted(set(walk.noted))))
