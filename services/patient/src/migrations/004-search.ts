import { searchText, sortText } from '@cabinet/people/names';
import { toE164 } from '@cabinet/people/telecom';
import { Migration } from '@mikro-orm/migrations';

interface Row {
  id: string;
  family_name: string;
  birth_name: string | null;
  given_names: string[];
  telecom: { system: string; value: string }[];
}

const rowsAtOnce = 1_000;

/**
 * Names are found written together, too, patients by how they or their contacts can be reached, and what was taken for a
 * number or country it is not is mended. The values are an expression of the columns and no column, so that a process of the
 * release before goes on writing.
 */
export class Search extends Migration {
  override async up(): Promise<void> {
    await this.execute(`
      create function contact_values(telecom jsonb, contacts jsonb) returns jsonb
      language sql immutable strict parallel safe
      return (
        select coalesce(jsonb_agg(distinct lower(point ->> 'value')), '[]')
        from (
          select jsonb_array_elements(telecom)
          union all
          select jsonb_array_elements(contact -> 'telecom') from jsonb_array_elements(contacts) as contact
        ) as points (point)
      )`);
    await this.execute(
      `update patient set address = jsonb_set(address, '{country}', '"GB"') where address ->> 'country' = 'UK'`,
    );
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const rows = (await this.execute(
        `select id, family_name, birth_name, given_names, telecom from patient where id > ? order by id limit ${rowsAtOnce}`,
        [after],
      )) as unknown as Row[];
      if (rows.length === 0) break;
      await this.execute(
        `update patient set search_text = mended."searchText", sort_name = mended."sortName", telecom = mended.telecom
         from jsonb_to_recordset(?::jsonb) as mended (id uuid, "searchText" text, "sortName" text, telecom jsonb)
         where patient.id = mended.id`,
        [JSON.stringify(rows.map(mended))],
      );
      after = rows.at(-1)?.id ?? after;
    }
    await this.execute(
      'create index patient_by_contact on patient using gin (contact_values(telecom, contacts) jsonb_path_ops)',
    );
  }
}

const mended = ({ id, family_name, birth_name, given_names, telecom }: Row) => ({
  id,
  searchText: searchText([family_name, birth_name ?? '', ...given_names]),
  sortName: sortText([family_name, ...given_names]),
  telecom: telecom.map((point) =>
    point.value.startsWith('+33508') ? { ...point, value: toE164(`0${point.value.slice(3)}`) ?? point.value } : point,
  ),
});
