import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { repetitionOf } from '../time/series.ts';
import { dateInWords } from '../time/zone.ts';

/** `Every 2 weeks, 6 times`; a rule that is not made here is shown as it is. */
export function SeriesRule({ rule }: { rule: string }) {
  const { i18n } = useLingui();
  const repetition = repetitionOf(rule);
  if (!repetition)
    return (
      <Trans>
        By the rule <code>{rule}</code>
      </Trans>
    );
  const { everyWeeks, end } = repetition;
  return (
    <>
      <Plural value={everyWeeks} one="Every week" other="Every # weeks" />,{' '}
      {'count' in end ? (
        <Plural value={end.count} one="once" other="# times" />
      ) : (
        <Trans>until {dateInWords(end.until, i18n.locale)}</Trans>
      )}
    </>
  );
}
