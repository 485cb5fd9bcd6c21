/**
 * Facts about Okta on which good sources differ, and no live org was at hand to decide. What hangs on one is told as a
 * warning and never decides a verdict. Whoever sees what a live org does changes the one line here.
 */

/**
 * What Okta does with a groups claim that matches over 100 of a user's groups in the authorization code flow. Okta's article
 * on the limit says today that it is the implicit flow's alone (`carried`); a report of 2021 had the token request refused
 * (`refused`); others had the list cut off without a word.
 */
export const overHundredGroups: "disputed" | "carried" | "refused" = "disputed";
