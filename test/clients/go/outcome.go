package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"

	ory "github.com/ory/client-go"
)

// outcome is what a call of the client gave.
type outcome[T any] struct {
	value  T
	answer *http.Response
	err    error
}

func of[T any](value T, answer *http.Response, err error) outcome[T] {
	return outcome[T]{value, answer, err}
}

// empty is the outcome of a call whose answer has no body.
func empty(answer *http.Response, err error) outcome[struct{}] {
	return outcome[struct{}]{answer: answer, err: err}
}

// as notes the operation as decoded; it ends the program when the answer was no success or could not be decoded.
func (o outcome[T]) as(operation string) T {
	if o.err != nil {
		body := ""
		if failure, ok := o.err.(*ory.GenericOpenAPIError); ok {
			body = string(failure.Body())
		}
		fail("%s: %v %s", operation, o.err, body)
	}
	fmt.Println(operation)
	return o.value
}

func check(holds bool, otherwise string) {
	if !holds {
		fail("%s", otherwise)
	}
}

func fail(format string, values ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}

// nodesOf ends the program when the attributes of a node are of no kind that the client knows.
func nodesOf(ui ory.UiContainer) []ory.UiNode {
	for _, node := range ui.Nodes {
		check(node.Attributes.GetActualInstance() != nil, "the attributes of a node are of no known kind")
	}
	return ui.Nodes
}

func csrfOf(ui ory.UiContainer) string {
	for _, node := range nodesOf(ui) {
		if input := node.Attributes.UiNodeInputAttributes; input != nil && input.Name == "csrf_token" {
			return fmt.Sprint(input.Value)
		}
	}
	fail("the flow has no anti-CSRF token")
	return ""
}

// cookiesOf gives the cookies that answers set, as a browser would send them back.
func cookiesOf(answers ...*http.Response) string {
	jar := map[string]string{}
	for _, answer := range answers {
		for _, cookie := range answer.Cookies() {
			jar[cookie.Name] = cookie.Value
		}
	}
	pairs := []string{}
	for name, value := range jar {
		pairs = append(pairs, name+"="+value)
	}
	return strings.Join(pairs, "; ")
}
