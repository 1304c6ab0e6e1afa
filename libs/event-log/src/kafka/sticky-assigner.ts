import kafkajs, { type PartitionAssigner } from 'kafkajs';

/** A member of a group, and what it owns as it joins. */
export interface Holder {
  readonly id: string;
  readonly held: readonly number[];
}

/**
 * Shares `partitions` among members: nobody gets two more than another, and within that everybody keeps what it has,
 * because winning a partition means loading its state. The answer depends on the members only, not on their order.
 */
export function shareOut(members: readonly Holder[], partitions: number): Map<string, number[]> {
  const byHeld = members.toSorted(
    (left, right) => right.held.length - left.held.length || (left.id < right.id ? -1 : 1),
  );
  const least = Math.floor(partitions / members.length);
  const larger = partitions % members.length;
  const free = new Set(Array.from({ length: partitions }, (_, partition) => partition));
  const shares = byHeld.map(({ id, held }, place) => {
    const size = place < larger ? least + 1 : least;
    const kept = held.filter((partition) => free.has(partition)).slice(0, size);
    for (const partition of kept) free.delete(partition);
    return { id, size, kept };
  });
  return new Map(
    shares.map(({ id, size, kept }) => {
      const added = [...free].slice(0, size - kept.length);
      for (const partition of added) free.delete(partition);
      return [id, [...kept, ...added].sort((left, right) => left - right)];
    }),
  );
}

/** kafkajs' side of `shareOut`: every member says with its request to join what it holds. */
export function stickyAssigner(
  topic: string,
  partitions: number,
  held: () => readonly number[],
): PartitionAssigner {
  const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol;
  return () => ({
    name: 'holter-sticky',
    version: 0,
    protocol: ({ topics }) => ({
      name: 'holter-sticky',
      metadata: MemberMetadata.encode({ version: 0, topics, userData: Buffer.from(JSON.stringify(held())) }),
    }),
    assign: async ({ members }) => {
      const holders = members.map(({ memberId, memberMetadata }) => ({
        id: memberId,
        held: heldOf(MemberMetadata.decode(memberMetadata)?.userData),
      }));
      return [...shareOut(holders, partitions)].map(([memberId, share]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: 0,
          assignment: { [topic]: share },
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });
}

/** What another release of ours wrote may be anything; then that member simply holds nothing. */
function heldOf(userData: Buffer | undefined): number[] {
  try {
    const held: unknown = JSON.parse(String(userData));
    return Array.isArray(held) ? held.filter((one) => Number.isInteger(one)) : [];
  } catch {
    return [];
  }
}
