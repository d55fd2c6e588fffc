import { Trans, useLingui } from '@lingui/react/macro';
import { dayAt, isElsewhere, timeAt } from './zone.ts';

interface Props {
  start: string;
  end?: string;
  zone: string;
}

/** When something is, by the clock of the practice; by the reader's own as well, where that shows another time. */
export function When({ start, end, zone }: Props) {
  const { i18n } = useLingui();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const span = (where: string) =>
    [start, ...(end ? [end] : [])].map((each) => timeAt(each, where, i18n.locale)).join(' – ');
  return (
    <span>
      <time dateTime={start}>
        {dayAt(start, zone, i18n.locale)}, {span(zone)}
      </time>
      {isElsewhere(start, zone) && (
        <span className="block text-sm text-quiet">
          <Trans>
            That is the practice’s time ({zone}). Your clock ({own}) shows {dayAt(start, own, i18n.locale)}, {span(own)}
            .
          </Trans>
        </span>
      )}
    </span>
  );
}
