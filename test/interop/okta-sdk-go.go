// Okta's own Go SDK against the org that the environment names: prints a line of JSON for each step, in order.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strconv"

	"github.com/okta/okta-sdk-golang/v5/okta"
)

var (
	background = context.Background()
	client     *okta.APIClient
	group      *okta.Group
	user       *okta.User
	server     = os.Getenv("AKTO_OKTA_AUTH_SERVER_ID")
	app        = os.Getenv("AKTO_OKTA_CLIENT_ID")
)

func main() {
	org, err := url.Parse(os.Getenv("OKTA_CLIENT_ORGURL"))
	if err != nil {
		panic(err)
	}
	port, err := strconv.ParseInt(org.Port(), 10, 32)
	if err != nil {
		panic(err)
	}
	configuration, err := okta.NewConfiguration(
		okta.WithOrgUrl(org.String()),
		okta.WithToken(os.Getenv("OKTA_CLIENT_TOKEN")),
		okta.WithTestingDisableHttpsCheck(true),
		// It drops the port of the org's URL; by way of a proxy it asks for the whole of it.
		okta.WithProxyHost(org.Hostname()),
		okta.WithProxyPort(int32(port)),
		okta.WithCache(false),
	)
	if err != nil {
		panic(err)
	}
	client = okta.NewAPIClient(configuration)
	for _, each := range []struct {
		name string
		make func() (any, error)
	}{
		{"lists_groups_page_by_page", listsGroups},
		{"creates_a_group", createsGroup},
		{"creates_a_user", createsUser},
		{"puts_a_user_into_a_group", putsUserIntoGroup},
		{"reads_the_app", readsApp},
		{"assigns_a_group_to_the_app", assignsGroup},
		{"reads_the_authorization_servers", readsServers},
		{"adds_a_claim", addsClaim},
		{"reads_the_scopes", readsScopes},
		{"reads_the_access_policies", readsPolicies},
		{"deactivates_and_deletes_a_user", deletesUser},
		{"deletes_a_group", deletesGroup},
	} {
		said := map[string]any{"step": each.name}
		value, err := each.make()
		if err != nil {
			said["error"] = err.Error()
		} else {
			said["value"] = value
		}
		line, err := json.Marshal(said)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(line))
	}
}

func listsGroups() (any, error) {
	page, response, err := client.GroupAPI.ListGroups(background).Limit(2).Execute()
	if err != nil {
		return nil, err
	}
	names := namesOf(page)
	for response.HasNextPage() {
		var next []okta.Group
		if response, err = response.Next(&next); err != nil {
			return nil, err
		}
		names = append(names, namesOf(next)...)
	}
	return names, nil
}

func namesOf(groups []okta.Group) []string {
	names := []string{}
	for _, each := range groups {
		names = append(names, each.Profile.GetName())
	}
	return names
}

func createsGroup() (any, error) {
	profile := okta.GroupProfile{Name: okta.PtrString("Akto Go"), Description: okta.PtrString("made by the SDK")}
	made, _, err := client.GroupAPI.CreateGroup(background).Group(okta.Group{Profile: &profile}).Execute()
	if err != nil {
		return nil, err
	}
	group = made
	return made.GetType(), nil
}

func createsUser() (any, error) {
	profile := okta.UserProfile{
		FirstName: *okta.NewNullableString(okta.PtrString("Go")),
		LastName:  *okta.NewNullableString(okta.PtrString("Pher")),
		Email:     okta.PtrString("go@brightwell.example"),
		Login:     okta.PtrString("go@brightwell.example"),
	}
	made, _, err := client.UserAPI.CreateUser(background).Body(okta.CreateUserRequest{Profile: profile}).Activate(true).Execute()
	if err != nil {
		return nil, err
	}
	user = made
	read, _, err := client.UserAPI.GetUser(background, made.GetId()).Execute()
	if err != nil {
		return nil, err
	}
	return read.GetStatus(), nil
}

func putsUserIntoGroup() (any, error) {
	if _, err := client.GroupAPI.AssignUserToGroup(background, group.GetId(), user.GetId()).Execute(); err != nil {
		return nil, err
	}
	members, _, err := client.GroupAPI.ListGroupUsers(background, group.GetId()).Execute()
	if err != nil {
		return nil, err
	}
	logins := []string{}
	for _, each := range members {
		logins = append(logins, each.Profile.GetLogin())
	}
	return logins, nil
}

func readsApp() (any, error) {
	apps, _, err := client.ApplicationAPI.ListApplications(background).Execute()
	if err != nil {
		return nil, err
	}
	for _, each := range apps {
		if found := each.OpenIdConnectApplication; found != nil && found.GetId() == app {
			return []string{found.GetLabel(), found.Credentials.OauthClient.GetTokenEndpointAuthMethod()}, nil
		}
	}
	return nil, fmt.Errorf("no app with the id %s", app)
}

func assignsGroup() (any, error) {
	assignment := okta.ApplicationGroupAssignment{Priority: okta.PtrInt32(1)}
	_, _, err := client.ApplicationGroupsAPI.AssignGroupToApplication(background, app, group.GetId()).
		ApplicationGroupAssignment(assignment).Execute()
	if err != nil {
		return nil, err
	}
	assigned, _, err := client.ApplicationGroupsAPI.ListApplicationGroupAssignments(background, app).Execute()
	if err != nil {
		return nil, err
	}
	for _, each := range assigned {
		if each.GetId() == group.GetId() {
			return true, nil
		}
	}
	return false, nil
}

func readsServers() (any, error) {
	servers, _, err := client.AuthorizationServerAPI.ListAuthorizationServers(background).Execute()
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, each := range servers {
		ids = append(ids, each.GetName())
	}
	return ids, nil
}

func addsClaim() (any, error) {
	claim := okta.OAuth2Claim{
		Name:            okta.PtrString("interop"),
		ClaimType:       okta.PtrString("RESOURCE"),
		ValueType:       okta.PtrString("GROUPS"),
		GroupFilterType: okta.PtrString("STARTS_WITH"),
		Value:           okta.PtrString("Akto"),
		Status:          okta.PtrString("ACTIVE"),
		Conditions:      &okta.OAuth2ClaimConditions{Scopes: []string{}},
	}
	if _, _, err := client.AuthorizationServerClaimsAPI.CreateOAuth2Claim(background, server).OAuth2Claim(claim).Execute(); err != nil {
		return nil, err
	}
	claims, _, err := client.AuthorizationServerClaimsAPI.ListOAuth2Claims(background, server).Execute()
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, each := range claims {
		names = append(names, each.GetName())
	}
	return names, nil
}

func readsScopes() (any, error) {
	scopes, _, err := client.AuthorizationServerScopesAPI.ListOAuth2Scopes(background, server).Execute()
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, each := range scopes {
		names = append(names, each.GetName())
	}
	return names, nil
}

func readsPolicies() (any, error) {
	policies, _, err := client.AuthorizationServerPoliciesAPI.ListAuthorizationServerPolicies(background, server).Execute()
	if err != nil {
		return nil, err
	}
	// Its type for a policy has no id, and keeps it among what it doesn't know.
	id, ok := policies[0].AdditionalProperties["id"].(string)
	if !ok {
		return nil, fmt.Errorf("the policy has no id: %v", policies[0])
	}
	rules, _, err := client.AuthorizationServerRulesAPI.ListAuthorizationServerPolicyRules(background, server, id).Execute()
	if err != nil {
		return nil, err
	}
	return rules[0].Conditions.GrantTypes.GetInclude(), nil
}

func deletesUser() (any, error) {
	if _, err := client.UserAPI.DeactivateUser(background, user.GetId()).Execute(); err != nil {
		return nil, err
	}
	if _, err := client.UserAPI.DeleteUser(background, user.GetId()).Execute(); err != nil {
		return nil, err
	}
	_, response, err := client.UserAPI.GetUser(background, user.GetId()).Execute()
	return gone(response, err)
}

func deletesGroup() (any, error) {
	if _, err := client.GroupAPI.DeleteGroup(background, group.GetId()).Execute(); err != nil {
		return nil, err
	}
	_, response, err := client.GroupAPI.GetGroup(background, group.GetId()).Execute()
	return gone(response, err)
}

// The status with which Okta says that something is not there.
func gone(response *okta.APIResponse, err error) (any, error) {
	if response == nil || response.Response == nil {
		return nil, err
	}
	return response.StatusCode, nil
}
