import { Trans } from '@lingui/react/macro';
import type { Patient } from '../api/types.ts';
import { insOf } from '../words/ins.ts';

/** What is known of a patient’s national health identity, in few words; never that it is qualified, which nobody has asked. */
export function InsState({ of }: { of: Pick<Patient, 'identifiers'> }) {
  const state = insOf(of);
  if (state === 'noted')
    return (
      <p className="text-sm">
        <Trans>INS noted, identity not qualified</Trans>
      </p>
    );
  return (
    <p className="text-sm text-warn">
      {state === 'none' ? (
        <Trans>no INS</Trans>
      ) : (
        <Trans>INS for tests: a national health identity of nobody, as demonstrations have them</Trans>
      )}
    </p>
  );
}
