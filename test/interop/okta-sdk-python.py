"""Okta's own Python SDK against the org that the environment names: prints a line of JSON for each step, in order."""

import asyncio
import json
import os

from okta.client import Client
from okta.models import AddGroupRequest, ApplicationGroupAssignment, OAuth2Claim, OAuth2ClaimConditions

# It reads the org and the token from OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN by itself.
client = Client({})
server = os.environ["AKTO_OKTA_AUTH_SERVER_ID"]
client_id = os.environ["AKTO_OKTA_CLIENT_ID"]
new_group = "Akto Interop"
new_claim = {
    "name": "interop",
    "claimType": "RESOURCE",
    "valueType": "GROUPS",
    "group_filter_type": "STARTS_WITH",
    "value": "Akto",
    "status": "ACTIVE",
}


async def result(call):
    """What a call gave. The SDK returns its error instead of raising it."""
    value, *_, error = await call
    if error:
        raise RuntimeError(str(error))
    return value


async def group(name):
    found = await result(client.list_groups(search=f'profile.name eq "{name}"'))
    return found[0].id


async def lists_groups():
    return [each.profile.actual_instance.name for each in await result(client.list_groups(limit=200))]


async def creates_a_group():
    request = AddGroupRequest.from_dict({"profile": {"name": new_group, "description": "made by the SDK"}})
    return (await result(client.add_group(request))).type


async def reads_a_user():
    return (await result(client.get_user("priya.raman@brightwell.example"))).profile.email


async def puts_a_user_into_a_group():
    user = await result(client.get_user("priya.raman@brightwell.example"))
    await result(client.assign_user_to_group(await group(new_group), user.id))
    return [each.profile.actual_instance.name for each in await result(client.list_user_groups(user.id))]


async def reads_the_app():
    app = next(each for each in await result(client.list_applications()) if each.id == client_id)
    return [app.label, app.credentials.oauth_client.token_endpoint_auth_method, app.settings.oauth_client.grant_types]


async def assigns_a_group_to_the_app():
    assignment = ApplicationGroupAssignment.from_dict({"priority": 1})
    await result(client.assign_group_to_application(client_id, await group(new_group), assignment))
    assigned = await result(client.list_application_group_assignments(client_id))
    return await group(new_group) in [each.id for each in assigned]


async def reads_the_authorization_server():
    return (await result(client.get_authorization_server(server))).status


async def adds_a_claim():
    claim = OAuth2Claim.from_dict(new_claim)
    claim.conditions = OAuth2ClaimConditions(scopes=[])
    await result(client.create_o_auth2_claim(server, claim))
    return [each.name for each in await result(client.list_o_auth2_claims(server))]


async def reads_the_access_policies():
    policies = await result(client.list_authorization_server_policies(server))
    rules = await result(client.list_authorization_server_policy_rules(server, policies[0].id))
    return [policies[0].status, rules[0].conditions.grant_types.include]


async def reads_the_api_tokens():
    return len(await result(client.list_api_tokens())) > 0


async def reads_the_system_log():
    return "group.lifecycle.create" in [event.event_type for event in await result(client.list_log_events(limit=100))]


async def main():
    for step in (
        lists_groups,
        creates_a_group,
        reads_a_user,
        puts_a_user_into_a_group,
        reads_the_app,
        assigns_a_group_to_the_app,
        reads_the_authorization_server,
        adds_a_claim,
        reads_the_access_policies,
        reads_the_api_tokens,
        reads_the_system_log,
    ):
        try:
            said = {"step": step.__name__, "value": await step()}
        except Exception as error:  # Whatever the SDK can't read is a finding.
            said = {"step": step.__name__, "error": f"{type(error).__name__}: {error}"[:500]}
        print(json.dumps(said, default=str), flush=True)


asyncio.run(main())
