package guide

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	ory "github.com/ory/client-go"
)

// control speaks to the control API and reads its answer into out.
func control(t *testing.T, method, url string, body, out interface{}) {
	t.Helper()
	text, _ := json.Marshal(body)
	request, _ := http.NewRequest(method, url, bytes.NewReader(text))
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode > 299 {
		t.Fatalf("%s %s: %s", method, url, answer.Status)
	}
	if out != nil {
		_ = json.NewDecoder(answer.Body).Decode(out)
	}
}

// signedIn is somebody's session in a world of the test's own, which is gone when the test ends.
func signedIn(t *testing.T) (url string, whoami ory.V0alpha2ApiToSessionRequest) {
	mock := os.Getenv("ORY_MOCK_URL")
	if mock == "" {
		mock = "http://localhost:4000"
	}
	name := fmt.Sprintf("go-%d", time.Now().UnixNano())
	t.Cleanup(func() { control(t, "DELETE", mock+"/__mock/sandboxes/"+name, nil, nil) })
	url = mock + "/~" + name
	control(t, "POST", url+"/__mock/identities", map[string]string{"email": "ada@example.com"}, nil)
	var made struct {
		Token string `json:"session_token"`
	}
	control(t, "POST", url+"/__mock/sessions", map[string]string{"identity": "ada@example.com"}, &made)
	config := ory.NewConfiguration()
	config.Servers = ory.ServerConfigurations{{URL: url}}
	client := ory.NewAPIClient(config)
	return url, client.V0alpha2Api.ToSession(context.Background()).XSessionToken(made.Token)
}

func TestASessionEndsWhenItsTimeHasCome(t *testing.T) {
	url, whoami := signedIn(t)
	if _, _, err := whoami.Execute(); err != nil {
		t.Fatal(err)
	}
	control(t, "POST", url+"/__mock/clock/advance", map[string]string{"by": "25h"}, nil)
	if _, answer, _ := whoami.Execute(); answer.StatusCode != http.StatusUnauthorized {
		t.Fatalf("the session still answers: %s", answer.Status)
	}
}

func TestASecondFactorIsAskedFor(t *testing.T) {
	url, whoami := signedIn(t)
	control(t, "POST", url+"/__mock/switches", map[string]string{"name": "aal2-required"}, nil)
	if _, answer, _ := whoami.Execute(); answer.StatusCode != http.StatusForbidden {
		t.Fatalf("nobody asks for a second factor: %s", answer.Status)
	}
}
