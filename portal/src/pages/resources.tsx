import { Trans, useLingui } from '@lingui/react/macro';
import { usePractitioners } from '../api/practitioners.ts';
import { useResources } from '../api/resources.ts';
import type { Resource } from '../api/types.ts';
import { ResourceAdd } from '../forms/resource-add.tsx';
import { ResourceChange } from '../forms/resource-change.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Remote } from '../ui/remote.tsx';
import { resourceKinds } from '../words/resources.ts';

/** Rooms and devices that visits take; the rules of a kind of visit say which it needs. */
export function Resources() {
  const { t } = useLingui();
  return (
    <Page title={t`Rooms and devices`}>
      <Remote
        of={useResources()}
        label={t`rooms and devices`}
        isNone={({ items }) => items.length === 0}
        none={<Trans>There is none: no visit has to wait for one.</Trans>}
      >
        {({ items }) => (
          <ul className="grid gap-2">
            {items.map((each) => (
              <li key={each.id}>
                <Line resource={each} />
              </li>
            ))}
          </ul>
        )}
      </Remote>
      <ResourceAdd />
    </Page>
  );
}

function Line({ resource }: { resource: Resource }) {
  const { i18n } = useLingui();
  const { data: practitioners } = usePractitioners('');
  const place = practitioners?.flatMap(({ places }) => places).find(({ id }) => id === resource.placeId);
  return (
    <Card className="flex flex-wrap items-center gap-3 py-2">
      <div className="min-w-48 flex-1">
        <p className="font-semibold">{resource.name}</p>
        <p className="text-sm text-quiet">
          {[i18n._(resourceKinds[resource.kind]), place?.name].filter(Boolean).join(' · ')}
          {!resource.active && (
            <strong className="ml-2 text-warn">
              <Trans>out of use</Trans>
            </strong>
          )}
        </p>
      </div>
      <ResourceChange resource={resource} />
    </Card>
  );
}
