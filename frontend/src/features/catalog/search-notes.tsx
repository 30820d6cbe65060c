import { Alert } from '@mantine/core';
import type { SearchPage } from '../../api/types';
import { useTranslation } from '../../lib/i18n';

/** What a reader should know of a search beside its hits: how far from the words it went, and whether the index is whole. */
export function SearchNotes({
  page,
  near,
  building,
  choose,
}: {
  page: Pick<SearchPage, 'width' | 'meant' | 'complete' | 'total'>;
  near: string;
  building: string;
  choose: (q: string) => void;
}) {
  const { t } = useTranslation();
  const { width, meant, complete, total } = page;
  return (
    <>
      {width !== 'exact' && total > 0 ? (
        <Alert color="yellow" role="status" data-testid="near">
          {near}{' '}
          {meant ? (
            <>
              {t('products.meant')}{' '}
              <button type="button" className="facet-more" onClick={() => choose(meant)}>
                {meant}
              </button>
              ?
            </>
          ) : null}
        </Alert>
      ) : null}
      {complete ? null : (
        <Alert color="yellow" role="status">
          {building}
        </Alert>
      )}
    </>
  );
}
