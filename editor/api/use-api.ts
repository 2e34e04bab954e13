/** Server data in components: reads are cached by route and input, writes make reads fresh. */
import {
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { RouteId } from '../../engine/contract/api.ts'
import { ApiFailure } from './api-failure.ts'
import { call, type Answer, type CallInput } from './call.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => error instanceof ApiFailure && error.offline && count < 3,
    },
    mutations: { retry: false },
  },
})

interface ReadOptions {
  enabled?: boolean
  /** Milliseconds between looks; false for none. */
  every?: number | false
}

export const useApi = <Id extends RouteId>(
  id: Id,
  input: Omit<CallInput<Id>, 'signal'> = {},
  { enabled = true, every = false }: ReadOptions = {},
) =>
  useQuery<Answer<Id>, ApiFailure>({
    queryKey: [id, input.params ?? {}, input.query ?? {}],
    queryFn: ({ signal }) => call(id, { ...input, signal }),
    enabled,
    refetchInterval: every,
    placeholderData: keepPreviousData,
  })

type Params = Record<string, string>

type ListRoute = {
  [Id in RouteId]: Answer<Id> extends { items: unknown[]; next?: string | undefined } ? Id : never
}[RouteId]
type ItemOf<Id extends ListRoute> = Answer<Id>['items'][number]

/** A list read page by page. */
export function useList<Id extends ListRoute>(
  id: Id,
  query: Record<string, string | undefined> = {},
  { enabled = true, every = false, params = {} }: ReadOptions & { params?: Params } = {},
) {
  const wanted = Object.fromEntries(Object.entries(query).filter(([, value]) => value))
  const list = useInfiniteQuery({
    queryKey: [id, 'list', params, wanted],
    queryFn: ({ pageParam, signal }) =>
      call(id, {
        params,
        query: { ...wanted, ...(pageParam === '' ? {} : { cursor: pageParam }) } as never,
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page: Answer<Id>) => (page as { next?: string }).next,
    enabled,
    refetchInterval: every,
    placeholderData: keepPreviousData,
  })
  const items = (list.data?.pages ?? []).flatMap((page) => page.items as Array<ItemOf<Id>>)
  return { ...list, items }
}

/** A write; afterwards the reads named are looked at again. */
export function useSend<Id extends RouteId>(id: Id, refresh: readonly RouteId[] = []) {
  const client = useQueryClient()
  return useMutation<Answer<Id>, ApiFailure, CallInput<Id>>({
    mutationFn: (input) => call(id, input),
    onSuccess: () =>
      Promise.all(refresh.map((read) => client.invalidateQueries({ queryKey: [read] }))),
  })
}
