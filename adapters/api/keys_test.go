package api_test

import (
	"strings"
	"testing"

	"baton/core"
)

func TestKeyIsShownOnceAndListedByItsBeginningAndLastUse(t *testing.T) {
	h := open(t, nil)
	admin := h.person(t, "Admin", core.Admin)
	made := h.call(t, admin, "POST", "/v1/keys", `{"name":"shop","scopes":["handoffs","read"]}`).want(t, "a key", 201)
	secret, _ := made.JSON["key"].(string)
	prefix, _ := made.JSON["prefix"].(string)
	if len(prefix) != 9 || !strings.HasPrefix(secret, prefix) || made.JSON["last_used_at"] != nil || made.JSON["bot"].(map[string]any)["name"] != "shop" {
		t.Errorf("the key was made as %s", made.text)
	}
	row := func() map[string]any {
		list := h.call(t, admin, "GET", "/v1/keys", "").want(t, "the list", 200)
		if strings.Contains(list.text, secret) {
			t.Errorf("the list shows the secret: %s", list.text)
		}
		return list.JSON["data"].([]any)[0].(map[string]any)
	}
	if r := row(); r["prefix"] != prefix || r["last_used_at"] != nil || len(r["scopes"].([]any)) != 2 || r["created_at"] == nil {
		t.Errorf("before its use the list shows %v", r)
	}
	h.call(t, caller{token: secret}, "GET", "/v1/me", "").want(t, "its use", 200)
	if r := row(); r["last_used_at"] == nil {
		t.Errorf("after its use the list shows %v", r)
	}
	h.call(t, admin, "DELETE", "/v1/keys/"+made.JSON["id"].(string), "").want(t, "revoking it", 204)
	h.call(t, caller{token: secret}, "GET", "/v1/me", "").want(t, "after that", 401)
}
