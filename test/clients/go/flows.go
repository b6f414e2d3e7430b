package main

import (
	ory "github.com/ory/client-go"
)

func (w walk) useNativeApp() {
	api := w.client.V0alpha2Api
	flow := of(api.InitializeSelfServiceRegistrationFlowWithoutBrowser(w.ctx).Execute()).
		as("initializeSelfServiceRegistrationFlowWithoutBrowser")
	nodesOf(flow.Ui)
	of(api.GetSelfServiceRegistrationFlow(w.ctx).Id(flow.Id).Execute()).as("getSelfServiceRegistrationFlow")
	signedUp := of(w.signUp(flow.Id, "go@example.com", nil).Execute()).as("submitSelfServiceRegistrationFlow")
	session := of(api.ToSession(w.ctx).XSessionToken(*signedUp.SessionToken).Execute()).as("toSession")
	check(session.Identity.Id == signedUp.Identity.Id, "the session is somebody else's")

	token := w.signIn("go@example.com")
	others := of(api.ListSessions(w.ctx).XSessionToken(token).Execute()).as("listSessions")
	// the document names no header for this operation, so the client as a whole has to send it
	w.config.AddDefaultHeader("X-Session-Token", token)
	empty(api.RevokeSession(w.ctx, others[0].Id).Execute()).as("revokeSession")
	delete(w.config.DefaultHeader, "X-Session-Token")
	w.signIn("go@example.com")
	of(api.RevokeSessions(w.ctx).XSessionToken(token).Execute()).as("revokeSessions")
	w.changeProfile(token)
	w.recoverAndVerify("go@example.com")
	logout := ory.NewSubmitSelfServiceLogoutFlowWithoutBrowserBody(token)
	request := api.SubmitSelfServiceLogoutFlowWithoutBrowser(w.ctx).SubmitSelfServiceLogoutFlowWithoutBrowserBody(*logout)
	empty(request.Execute()).as("submitSelfServiceLogoutFlowWithoutBrowser")
}

func (w walk) signUp(flow, email string, csrf *string) ory.V0alpha2ApiSubmitSelfServiceRegistrationFlowRequest {
	body := ory.NewSubmitSelfServiceRegistrationFlowWithPasswordMethodBody("password", password, object{"email": email})
	body.CsrfToken = csrf
	return w.client.V0alpha2Api.SubmitSelfServiceRegistrationFlow(w.ctx).Flow(flow).SubmitSelfServiceRegistrationFlowBody(
		ory.SubmitSelfServiceRegistrationFlowWithPasswordMethodBodyAsSubmitSelfServiceRegistrationFlowBody(body),
	)
}

// signIn gives the token of the new session.
func (w walk) signIn(identifier string) string {
	api := w.client.V0alpha2Api
	flow := of(api.InitializeSelfServiceLoginFlowWithoutBrowser(w.ctx).Execute()).
		as("initializeSelfServiceLoginFlowWithoutBrowser")
	nodesOf(flow.Ui)
	of(api.GetSelfServiceLoginFlow(w.ctx).Id(flow.Id).Execute()).as("getSelfServiceLoginFlow")
	body := ory.NewSubmitSelfServiceLoginFlowWithPasswordMethodBody(identifier, "password", password)
	request := api.SubmitSelfServiceLoginFlow(w.ctx).Flow(flow.Id).SubmitSelfServiceLoginFlowBody(
		ory.SubmitSelfServiceLoginFlowWithPasswordMethodBodyAsSubmitSelfServiceLoginFlowBody(body),
	)
	return *of(request.Execute()).as("submitSelfServiceLoginFlow").SessionToken
}

func (w walk) changeProfile(token string) {
	api := w.client.V0alpha2Api
	flow := of(api.InitializeSelfServiceSettingsFlowWithoutBrowser(w.ctx).XSessionToken(token).Execute()).
		as("initializeSelfServiceSettingsFlowWithoutBrowser")
	nodesOf(flow.Ui)
	of(api.GetSelfServiceSettingsFlow(w.ctx).Id(flow.Id).XSessionToken(token).Execute()).as("getSelfServiceSettingsFlow")
	traits := object{"email": "go@example.com", "name": object{"first": "Gopher"}}
	body := ory.NewSubmitSelfServiceSettingsFlowWithProfileMethodBody("profile", traits)
	request := api.SubmitSelfServiceSettingsFlow(w.ctx).Flow(flow.Id).XSessionToken(token).SubmitSelfServiceSettingsFlowBody(
		ory.SubmitSelfServiceSettingsFlowWithProfileMethodBodyAsSubmitSelfServiceSettingsFlowBody(body),
	)
	nodesOf(of(request.Execute()).as("submitSelfServiceSettingsFlow").Ui)
}

func (w walk) recoverAndVerify(email string) {
	api := w.client.V0alpha2Api
	recovery := of(api.InitializeSelfServiceRecoveryFlowWithoutBrowser(w.ctx).Execute()).
		as("initializeSelfServiceRecoveryFlowWithoutBrowser")
	of(api.GetSelfServiceRecoveryFlow(w.ctx).Id(recovery.Id).Execute()).as("getSelfServiceRecoveryFlow")
	recover := api.SubmitSelfServiceRecoveryFlow(w.ctx).Flow(recovery.Id).SubmitSelfServiceRecoveryFlowBody(
		ory.SubmitSelfServiceRecoveryFlowWithLinkMethodBodyAsSubmitSelfServiceRecoveryFlowBody(
			ory.NewSubmitSelfServiceRecoveryFlowWithLinkMethodBody(email, "link"),
		),
	)
	nodesOf(of(recover.Execute()).as("submitSelfServiceRecoveryFlow").Ui)

	verification := of(api.InitializeSelfServiceVerificationFlowWithoutBrowser(w.ctx).Execute()).
		as("initializeSelfServiceVerificationFlowWithoutBrowser")
	of(api.GetSelfServiceVerificationFlow(w.ctx).Id(verification.Id).Execute()).as("getSelfServiceVerificationFlow")
	verify := api.SubmitSelfServiceVerificationFlow(w.ctx).Flow(verification.Id).SubmitSelfServiceVerificationFlowBody(
		ory.SubmitSelfServiceVerificationFlowWithLinkMethodBodyAsSubmitSelfServiceVerificationFlowBody(
			ory.NewSubmitSelfServiceVerificationFlowWithLinkMethodBody(email, "link"),
		),
	)
	nodesOf(of(verify.Execute()).as("submitSelfServiceVerificationFlow").Ui)
}

func (w walk) useBrowser() {
	api := w.client.V0alpha2Api
	login := of(api.InitializeSelfServiceLoginFlowForBrowsers(w.ctx).Execute()).
		as("initializeSelfServiceLoginFlowForBrowsers")
	nodesOf(login.Ui)
	of(api.InitializeSelfServiceRecoveryFlowForBrowsers(w.ctx).Execute()).
		as("initializeSelfServiceRecoveryFlowForBrowsers")
	of(api.InitializeSelfServiceVerificationFlowForBrowsers(w.ctx).Execute()).
		as("initializeSelfServiceVerificationFlowForBrowsers")
	begun := of(api.InitializeSelfServiceRegistrationFlowForBrowsers(w.ctx).Execute())
	flow := begun.as("initializeSelfServiceRegistrationFlowForBrowsers")
	csrf := csrfOf(flow.Ui)
	signedUp := of(w.signUp(flow.Id, "browser.go@example.com", &csrf).Cookie(cookiesOf(begun.answer)).Execute())
	signedUp.as("submitSelfServiceRegistrationFlow")

	cookie := cookiesOf(begun.answer, signedUp.answer)
	logout := of(api.CreateSelfServiceLogoutFlowUrlForBrowsers(w.ctx).Cookie(cookie).Execute()).
		as("createSelfServiceLogoutFlowUrlForBrowsers")
	w.config.AddDefaultHeader("Cookie", cookie)
	settings := of(api.InitializeSelfServiceSettingsFlowForBrowsers(w.ctx).Execute()).
		as("initializeSelfServiceSettingsFlowForBrowsers")
	nodesOf(settings.Ui)
	// like a browser's own navigation, this call asks for nothing in particular and is sent on to a page
	empty(api.SubmitSelfServiceLogoutFlow(w.ctx).Token(logout.LogoutToken).Execute()).as("submitSelfServiceLogoutFlow")
	delete(w.config.DefaultHeader, "Cookie")
	of(api.GetSelfServiceError(w.ctx).Id("stub:500").Execute()).as("getSelfServiceError")
}
