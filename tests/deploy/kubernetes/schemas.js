// Documents against the schemas of CustomResourceDefinitions, as an API server reads them; fields that it
// would drop in silence are errors here.

// `definitions` are CustomResourceDefinitions. What is wrong, by path: "spec.replicas: not an integer".
export function findSchemaErrors(document, definitions) {
  const [group, version] = document.apiVersion.split('/');
  const definition = definitions.find(
    ({ spec }) => spec.group === group && spec.names.kind === document.kind,
  );
  const schema = definition?.spec.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema;
  if (schema === undefined) return [`there is no ${document.kind} of ${document.apiVersion}`];
  const known = { ...schema, properties: { ...schema.properties, metadata: ANYTHING } };
  return findErrors(document, known, '');
}

const ANYTHING = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const IS = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

function findErrors(value, schema, path) {
  const at = path || 'the document';
  if (schema['x-kubernetes-int-or-string']) {
    return IS.integer(value) || IS.string(value) ? [] : [`${at}: neither a number nor a string`];
  }
  if (schema.type !== undefined && !IS[schema.type](value)) return [`${at}: no ${schema.type}`];
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return [`${at}: ${value} is none of ${schema.enum.join(', ')}`];
  }
  if (schema.type === 'array') {
    return value.flatMap((item, i) => findErrors(item, schema.items, `${path}[${i}]`));
  }
  return schema.type === 'object' ? findErrorsOfObject(value, schema, path) : [];
}

function findErrorsOfObject(value, schema, path) {
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  return [
    ...missing.map((name) => `${join(path, name)}: missing`),
    ...Object.entries(value).flatMap(([name, field]) => {
      const of = schema.properties?.[name] ?? schema.additionalProperties;
      if (of !== undefined) return findErrors(field, of, join(path, name));
      return schema['x-kubernetes-preserve-unknown-fields'] ? [] : [`${join(path, name)}: unknown`];
    }),
  ];
}

function join(path, name) {
  return path ? `${path}.${name}` : name;
}
