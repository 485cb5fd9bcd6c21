import com.fasterxml.jackson.databind.ObjectMapper;
import com.okta.sdk.authc.credentials.TokenClientCredentials;
import com.okta.sdk.client.Clients;
import com.okta.sdk.resource.api.ApiTokenApi;
import com.okta.sdk.resource.api.ApplicationApi;
import com.okta.sdk.resource.api.AuthorizationServerApi;
import com.okta.sdk.resource.api.AuthorizationServerClaimsApi;
import com.okta.sdk.resource.api.AuthorizationServerPoliciesApi;
import com.okta.sdk.resource.api.AuthorizationServerScopesApi;
import com.okta.sdk.resource.api.GroupApi;
import com.okta.sdk.resource.api.PolicyApi;
import com.okta.sdk.resource.api.UserApi;
import com.okta.sdk.resource.api.UserLifecycleApi;
import com.okta.sdk.resource.client.ApiClient;
import com.okta.sdk.resource.client.ApiException;
import com.okta.sdk.resource.group.GroupBuilder;
import com.okta.sdk.resource.model.Group;
import com.okta.sdk.resource.model.OpenIdConnectApplication;
import com.okta.sdk.resource.model.User;
import com.okta.sdk.resource.user.UserBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Okta's own Java SDK against the org that the environment names: prints a line of JSON for each step, in order. */
public class OktaSdkJava {
  private static final String SERVER = System.getenv("AKTO_OKTA_AUTH_SERVER_ID");
  private static final String APP = System.getenv("AKTO_OKTA_CLIENT_ID");
  private static final String LOGIN = "java@brightwell.example";
  private static Group group;
  private static User user;

  public static void main(String[] arguments) throws Exception {
    ApiClient client = Clients.builder()
        .setOrgUrl(System.getenv("OKTA_CLIENT_ORGURL"))
        .setClientCredentials(new TokenClientCredentials(System.getenv("OKTA_CLIENT_TOKEN")))
        .build();
    GroupApi groups = new GroupApi(client);
    UserApi users = new UserApi(client);

    step("lists_groups", () -> groups.listGroups(null, null, null, 200, null, null, null, null).stream()
        .map(each -> name(each)).toList());
    step("creates_a_group", () -> {
      group = GroupBuilder.instance().setName("Akto Java").setDescription("made by the SDK").buildAndCreate(groups);
      return group.getType().getValue();
    });
    step("creates_a_user", () -> {
      user = UserBuilder.instance().setEmail(LOGIN).setLogin(LOGIN).setFirstName("Java").setLastName("Bean")
          .setActive(false).buildAndCreate(users);
      return user.getStatus().getValue();
    });
    step("puts_a_user_into_a_group", () -> {
      groups.assignUserToGroup(group.getId(), user.getId());
      return groups.listGroupUsers(group.getId(), null, null).stream().map(each -> each.getProfile().getLogin()).toList();
    });
    step("reads_the_app", () -> {
      var app = (OpenIdConnectApplication) new ApplicationApi(client).getApplication(APP, null);
      return List.of(app.getLabel(), app.getCredentials().getOauthClient().getTokenEndpointAuthMethod().getValue());
    });
    step("reads_the_authorization_servers", () -> new AuthorizationServerApi(client)
        .listAuthorizationServers(null, null, null).stream().map(each -> each.getName()).toList());
    step("reads_the_claims", () -> new AuthorizationServerClaimsApi(client).listOAuth2Claims(SERVER).stream()
        .map(each -> each.getName()).toList());
    step("reads_the_scopes", () -> new AuthorizationServerScopesApi(client)
        .listOAuth2Scopes(SERVER, null, null, null, null).stream().map(each -> each.getName()).toList());
    step("reads_the_access_policies", () -> new AuthorizationServerPoliciesApi(client)
        .listAuthorizationServerPolicies(SERVER).get(0).getStatus().getValue());
    step("reads_the_apps_access_policies", () -> !new PolicyApi(client)
        .listPolicies("ACCESS_POLICY", null, null, null, null, null, null, null).isEmpty());
    step("reads_the_api_tokens", () -> !new ApiTokenApi(client).listApiTokens().isEmpty());
    step("deactivates_and_deletes_a_user", () -> {
      new UserLifecycleApi(client).deactivateUser(user.getId(), false, null);
      users.deleteUser(user.getId(), false, null);
      return refusal(() -> users.getUser(user.getId(), null, null));
    });
    step("deletes_a_group", () -> {
      groups.deleteGroup(group.getId());
      return refusal(() -> groups.getGroup(group.getId()));
    });
    // It keeps threads of its own.
    System.exit(0);
  }

  private static String name(Group each) {
    return String.valueOf(new ObjectMapper().convertValue(each.getProfile(), Map.class).get("name"));
  }

  /** The status with which Okta says that something is not there. */
  private static Object refusal(Callable<?> call) throws Exception {
    try {
      return call.call();
    } catch (ApiException error) {
      return error.getCode();
    }
  }

  private static void step(String name, Callable<?> call) throws Exception {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("step", name);
    try {
      said.put("value", call.call());
    } catch (Exception error) {
      said.put("error", error.toString());
    }
    System.out.println(new ObjectMapper().writeValueAsString(said));
  }
}
