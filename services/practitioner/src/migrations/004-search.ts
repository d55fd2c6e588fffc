import { searchText, sortText } from '@cabinet/people/names';
import { Migration } from '@mikro-orm/migrations';

interface Row {
  id: string;
  family_name: string;
  given_names: string[];
}

/** Names are found written together, too. A practice has few practitioners. */
export class Search extends Migration {
  override async up(): Promise<void> {
    const rows = (await this.execute('select id, family_name, given_names from practitioner')) as unknown as Row[];
    const mended = rows.map(({ id, family_name, given_names }) => ({
      id,
      searchText: searchText([family_name, ...given_names]),
      sortName: sortText([family_name, ...given_names]),
    }));
    await this.execute(
      `update practitioner set search_text = mended."searchText", sort_name = mended."sortName"
       from jsonb_to_recordset(?::jsonb) as mended (id uuid, "searchText" text, "sortName" text)
       where practitioner.id = mended.id`,
      [JSON.stringify(mended)],
    );
  }
}
