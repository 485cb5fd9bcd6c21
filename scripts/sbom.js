/**
 * Prints a bill of materials (CycloneDX) of what comes with the package: the packages in the bundle and those that are
 * installed. npm knows the former only as packages to develop with, among all the others.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const bundled = Object.keys(JSON.parse(readFileSync("dist/bundled.json", "utf8")));
const installed = Object.keys(packages).filter((place) => place !== "" && !packages[place].dev);
const refOf = (place) => `${place.slice(place.lastIndexOf("node_modules/") + 13)}@${packages[place]?.version}`;
const shipped = new Set([...bundled, ...installed].map(refOf));

const everything = JSON.parse(
  execFileSync("npm", ["sbom", "--package-lock-only", "--sbom-format=cyclonedx"], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    shell: process.platform === "win32",
  }),
);
const components = everything.components.filter((component) => shipped.has(component["bom-ref"]));
const listed = new Set(components.map((component) => component["bom-ref"]));
const missing = [...shipped].filter((ref) => !listed.has(ref));
if (missing.length > 0) throw new Error(`npm lists none of these: ${missing.join(", ")}`);

const refs = new Set([everything.metadata.component["bom-ref"], ...listed]);
const dependencies = everything.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
// For whoever has the bundle, what is in it is no package to develop with, and not optional.
const asShipped = components.map(({ scope: _, properties, ...component }) => ({
  ...component,
  properties: properties.filter(({ name }) => name !== "cdx:npm:package:development"),
}));
// npm names it after the folder.
everything.metadata.component.name = packages[""].name;
process.stdout.write(`${JSON.stringify({ ...everything, components: asShipped, dependencies }, null, 2)}\n`);
