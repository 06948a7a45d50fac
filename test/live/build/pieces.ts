// Building blocks of the fixtures: the files of an app, and kustomizations that use them.

export interface Fixture {
  readonly name: string;
  /** The files, each after a line `# file: path`. */
  readonly files: string;
  /** The reason that the build is refused; undefined if it succeeds. */
  readonly refused?: string;
  /** Text on the line of the refusal. */
  readonly at?: string;
}

/** A refusal, on the line with a text. */
export function refusal(refused: string, at: string, files: string): Fixture {
  return { name: `refused: ${refused}: ${at}`, files, refused, at };
}

export const web = `# file: app/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { tier: front, app: web }
  annotations: { team: shop }
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: main
          image: registry.example.com/web:1
          env:
            - { name: A, value: "1" }
            - { name: B, value: "2" }
          ports:
            - { containerPort: 80, protocol: TCP }
            - { containerPort: 53, protocol: UDP }
          args: [one, two]
        - name: side
          image: registry.example.com/side:1
      volumes:
        - name: data
          emptyDir: {}
`;

export const settings = `# file: app/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data: { a: "1", b: "2" }
`;

export const ship = `# file: app/ship.yaml
apiVersion: example.com/v1
kind: Ship
metadata:
  name: ship
spec:
  masts:
    - { name: fore, height: 10 }
    - { name: main, height: 12 }
  crew: { captain: Ann, size: 3 }
`;

/** A kustomization of the three files, with more fields. */
export const app = (more: string) => `${web}${settings}${ship}# file: app/kustomization.yaml
resources: [web.yaml, settings.yaml, ship.yaml]
${more}`;

export const patch = (name: string, text: string, refused?: string): Fixture => ({
  name: `patch: ${name}`,
  files: app(`patches:
  - patch: |
${text.replace(/^/gm, '      ')}
`),
  ...(refused !== undefined && { refused }),
});

export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
`;

export const container = (text: string) => `${deployment}spec:
  template:
    spec:
      containers:
${text.replace(/^/gm, '        ')}`;

export const operations = (name: string, text: string, refused?: string): Fixture => ({
  name: `operations: ${name}`,
  files: app(`patches:
  - target: { kind: Deployment }
    patch: |
${text.replace(/^/gm, '      ')}
`),
  ...(refused !== undefined && { refused }),
});

export const target = (name: string, selector: string, refused?: string): Fixture => ({
  name: `target: ${name}`,
  files: app(`patches:
  - target: ${selector}
    patch: |
      - { op: add, path: /metadata/annotations, value: { patched: "yes" } }
`),
  ...(refused !== undefined && { refused }),
});

export const base = `# file: base/kustomization.yaml
resources: [settings.yaml]
# file: base/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { a: "1" }
`;

export const component = (text: string) => `# file: part/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
${text}`;

export const kustomization = (text: string) => `# file: app/kustomization.yaml\n${text}`;

export const objects = (text: string) => `# file: app/a.yaml\n${text}${kustomization('resources: [a.yaml]\n')}`;
