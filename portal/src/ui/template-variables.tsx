import { Trans, useLingui } from '@lingui/react/macro';
import type { MessageTemplateDetails } from '../api/types.ts';
import { templateVariables } from '../words/messages.ts';

/** What a text may name, what each stands for, and without which it says nothing. */
export function TemplateVariables({ of }: { of: MessageTemplateDetails['variables'] }) {
  const { i18n } = useLingui();
  return (
    <dl className="grid gap-x-6 gap-y-1 text-sm tablet:grid-cols-[10rem_1fr]">
      {of.map(({ name, about, sample, isNeeded }) => {
        const words = templateVariables[name];
        return (
          <div key={name} className="contents">
            <dt>
              <code className="select-all">{`{{${name}}}`}</code>
            </dt>
            <dd>
              {words ? i18n._(words) : about}
              {isNeeded && (
                <>
                  {' · '}
                  <strong>
                    <Trans>needed in the mail</Trans>
                  </strong>
                </>
              )}
              <span className="block text-quiet">
                <Trans>such as: {sample}</Trans>
              </span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
