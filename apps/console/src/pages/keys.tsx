import { organisationKeyKind, projectKeyKinds } from '../api/keys.js';
import { PageHead } from '../components/page.js';
import { useId } from '../shell/address.js';
import { KeyPanel } from './keys/key-panel.js';
import { SdkKeyPanel } from './keys/sdk-key-panel.js';

/** What opens the APIs of a project. */
export function KeysPage() {
  const projectId = useId('projectId');
  return (
    <div>
      <PageHead title="Keys" about="What your app, your backend and your tools call the API with. Each is shown once, and can be revoked by itself." />
      {projectKeyKinds.map((kind) => (
        <KeyPanel key={kind.path} base={`/v1/admin/projects/${projectId}`} kind={kind} />
      ))}
      <SdkKeyPanel projectId={projectId} />
    </div>
  );
}

export function OrganisationKeysPage() {
  const orgId = useId('orgId');
  return (
    <div>
      <PageHead title="API keys" />
      <KeyPanel base={`/v1/admin/orgs/${orgId}`} kind={organisationKeyKind} />
    </div>
  );
}
