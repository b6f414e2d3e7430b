// Calls every operation with Ory's generated client for Go, which decodes each success body into its structs.
//
// Usage: go run . URL. Prints the name of each method whose answer was decoded, one a line.
package main

import (
	"context"
	"os"

	ory "github.com/ory/client-go"
)

const password = "correct-horse-battery-staple"

type object = map[string]interface{}

// walk holds the client that calls.
type walk struct {
	ctx    context.Context
	config *ory.Configuration
	client *ory.APIClient
}

func main() {
	config := ory.NewConfiguration()
	config.Servers = ory.ServerConfigurations{{URL: os.Args[1]}}
	ctx := context.WithValue(context.Background(), ory.ContextAccessToken, "any-token")
	w := walk{ctx: ctx, config: config, client: ory.NewAPIClient(config)}
	w.readWhatIsOpen()
	w.useNativeApp()
	w.useBrowser()
	w.administer()
	w.usePermissions()
	w.useProjects()
}

func (w walk) readWhatIsOpen() {
	of(w.client.MetadataApi.IsAlive(w.ctx).Execute()).as("isAlive")
	of(w.client.MetadataApi.IsReady(w.ctx).Execute()).as("isReady")
	of(w.client.MetadataApi.GetVersion(w.ctx).Execute()).as("getVersion")
	api := w.client.V0alpha2Api
	of(api.GetWebAuthnJavaScript(w.ctx).Execute()).as("getWebAuthnJavaScript")
	schemas := of(api.ListIdentitySchemas(w.ctx).Execute()).as("listIdentitySchemas")
	check(len(schemas) > 0 && schemas[0].Name == "default", "the first schema is not the default")
	of(api.GetIdentitySchema(w.ctx, "default").Execute()).as("getIdentitySchema")
}

func (w walk) administer() {
	api := w.client.V0alpha2Api
	traits := object{"email": "made.go@example.com"}
	create := ory.NewAdminCreateIdentityBody("default", traits)
	chosen := password
	create.Credentials = &ory.AdminIdentityImportCredentials{
		Password: &ory.AdminCreateIdentityImportCredentialsPassword{
			Config: &ory.AdminCreateIdentityImportCredentialsPasswordConfig{Password: &chosen},
		},
	}
	made := of(api.AdminCreateIdentity(w.ctx).AdminCreateIdentityBody(*create).Execute()).as("adminCreateIdentity")
	all := of(api.AdminListIdentities(w.ctx).PerPage(250).Execute()).as("adminListIdentities")
	check(len(all) > 0, "no identity is listed")
	of(api.AdminGetIdentity(w.ctx, made.Id).Execute()).as("adminGetIdentity")
	update := ory.NewAdminUpdateIdentityBody("default", ory.IDENTITYSTATE_ACTIVE, traits)
	of(api.AdminUpdateIdentity(w.ctx, made.Id).AdminUpdateIdentityBody(*update).Execute()).as("adminUpdateIdentity")
	patch := []ory.JsonPatch{{Op: "add", Path: "/traits/name", Value: object{"first": "Mo"}}}
	of(api.AdminPatchIdentity(w.ctx, made.Id).JsonPatch(patch).Execute()).as("adminPatchIdentity")
	w.signIn("made.go@example.com")
	sessions := of(api.AdminListIdentitySessions(w.ctx, made.Id).Active(true).Execute()).as("adminListIdentitySessions")
	of(api.AdminExtendSession(w.ctx, sessions[0].Id).Execute()).as("adminExtendSession")
	link := ory.NewAdminCreateSelfServiceRecoveryLinkBody(made.Id)
	request := api.AdminCreateSelfServiceRecoveryLink(w.ctx).AdminCreateSelfServiceRecoveryLinkBody(*link)
	of(request.Execute()).as("adminCreateSelfServiceRecoveryLink")
	empty(api.AdminDeleteIdentitySessions(w.ctx, made.Id).Execute()).as("adminDeleteIdentitySessions")
	empty(api.AdminDeleteIdentity(w.ctx, made.Id).Execute()).as("adminDeleteIdentity")
}

func (w walk) usePermissions() {
	namespace, object, relation, subject := "files", "g", "view", "ann"
	query := ory.RelationQuery{Namespace: &namespace, Object: &object, Relation: &relation, SubjectId: &subject}
	read, write := w.client.ReadApi, w.client.WriteApi
	of(write.CreateRelationTuple(w.ctx).RelationQuery(query).Execute()).as("createRelationTuple")
	other := ory.NewInternalRelationTuple("files", "h", "view")
	other.SubjectSet = ory.NewSubjectSet("files", "g", "view")
	insert := "insert"
	deltas := []ory.PatchDelta{{Action: &insert, RelationTuple: other}}
	empty(write.PatchRelationTuples(w.ctx).PatchDelta(deltas).Execute()).as("patchRelationTuples")
	of(read.GetRelationTuples(w.ctx).Namespace("files").Execute()).as("getRelationTuples")
	asked := read.GetCheck(w.ctx).Namespace("files").Object("h").Relation("view").SubjectId("ann")
	check(of(asked.Execute()).as("getCheck").Allowed, "the check is not allowed")
	check(of(read.PostCheck(w.ctx).RelationQuery(query).Execute()).as("postCheck").Allowed, "the check is not allowed")
	of(read.GetExpand(w.ctx).Namespace("files").Object("h").Relation("view").Execute()).as("getExpand")
	empty(write.DeleteRelationTuples(w.ctx).Namespace("files").Execute()).as("deleteRelationTuples")
}

func (w walk) useProjects() {
	api := w.client.V0alpha2Api
	own := of(api.ListProjects(w.ctx).Execute()).as("listProjects")[0].Id
	members := of(api.GetProjectMembers(w.ctx, own).Execute()).as("getProjectMembers")
	empty(api.RemoveProjectMember(w.ctx, own, *members[0].Id).Execute()).as("removeProjectMember")
	body := ory.NewCreateProjectBody("Go")
	made := of(api.CreateProject(w.ctx).CreateProjectBody(*body).Execute()).as("createProject")
	project := of(api.GetProject(w.ctx, made.Id).Execute()).as("getProject")
	path := "/services/identity/config/selfservice/flows/login/lifespan"
	patch := []ory.JsonPatch{{Op: "replace", Path: path, Value: "5m"}}
	of(api.PatchProject(w.ctx, made.Id).JsonPatch(patch).Execute()).as("patchProject")
	update := ory.NewUpdateProject("Renamed", project.Services)
	of(api.UpdateProject(w.ctx, made.Id).UpdateProject(*update).Execute()).as("updateProject")
	empty(api.PurgeProject(w.ctx, made.Id).Execute()).as("purgeProject")
}
