import type { CatalogWriter } from '../catalog/catalog.js';
import { putGarbage } from '../catalog/keys.js';
import type { ReplicationRecord, TableRecord } from '../catalog/table-record.js';

/** Takes a replica that is gone out of its global table; the last one left is a table of one region again. */
export function leaveGroup(changes: CatalogWriter, gone: TableRecord): void {
  const { replication } = gone;
  if (replication === undefined) return;
  dropContent(changes, replication, replication.peers);
  for (const { region } of replication.peers) {
    const peer = changes.read({ accountId: gone.accountId, region }, gone.name);
    if (peer?.replication !== undefined) changes.put(withoutPeer(changes, peer, peer.replication, gone.region));
  }
}

function withoutPeer(
  changes: CatalogWriter,
  record: TableRecord,
  replication: ReplicationRecord,
  region: string,
): TableRecord {
  const leaving = replication.peers.filter((peer) => peer.region === region);
  const peers = replication.peers.filter((peer) => peer.region !== region);
  if (peers.length > 0) {
    for (const { queue } of leaving) putGarbage(changes.writer, queue, 'Da');
    return { ...record, replication: { ...replication, peers } };
  }
  dropContent(changes, replication, leaving);
  const { replication: _, ...alone } = record;
  return alone;
}

function dropContent(
  { writer }: CatalogWriter,
  { versions, deletions }: ReplicationRecord,
  peers: ReplicationRecord['peers'],
): void {
  for (const { queue } of peers) putGarbage(writer, queue, 'Da');
  putGarbage(writer, versions, 'Dv');
  putGarbage(writer, deletions, 'Dk');
}
