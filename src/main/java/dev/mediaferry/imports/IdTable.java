package dev.mediaferry.imports;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Texts by texts, a third of the size of a {@link java.util.HashMap} of them: maps of ids have an entry per user. */
final class IdTable {

    private static final int CHUNK_BITS = 20;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int FIRST_SLOTS = 1024;

    /** One after the other: the length of the key and its bytes, the length of the value and its bytes. */
    private final List<byte[]> chunks = new ArrayList<>();

    private int end;
    private int size;

    /** Where an entry begins, plus one; 0 for none. Open addressing; a power of two of them. */
    private int[] slots = new int[FIRST_SLOTS];

    int size() {
        return size;
    }

    /** @return null when there is none */
    String get(String key) {
        int entry = slots[slot(key.getBytes(StandardCharsets.UTF_8))];
        return entry == 0 ? null : value(entry - 1);
    }

    /** @return the value that the key has already, which remains; null when it has none */
    String putIfAbsent(String key, String value) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int slot = slot(bytes);
        if (slots[slot] != 0) {
            return value(slots[slot] - 1);
        }
        slots[slot] = end + 1;
        append(bytes);
        append(value.getBytes(StandardCharsets.UTF_8));
        if (++size > slots.length / 3 * 2) {
            grow();
        }
        return null;
    }

    /** @return where the key is, or would be */
    private int slot(byte[] key) {
        int mask = slots.length - 1;
        int hash = Arrays.hashCode(key) * 0x9E3779B9;
        int slot = (hash ^ hash >>> 16) & mask;
        while (slots[slot] != 0 && !Arrays.equals(key, text(slots[slot] - 1))) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        int[] before = slots;
        slots = new int[Math.multiplyExact(before.length, 2)];
        for (int entry : before) {
            if (entry != 0) {
                slots[slot(text(entry - 1))] = entry;
            }
        }
    }

    private String value(int entry) {
        return new String(text(entry + Integer.BYTES + length(entry)), StandardCharsets.UTF_8);
    }

    private byte[] text(int from) {
        byte[] bytes = new byte[length(from)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = at(from + Integer.BYTES + i);
        }
        return bytes;
    }

    private int length(int from) {
        return at(from) << 24 | (at(from + 1) & 0xff) << 16 | (at(from + 2) & 0xff) << 8 | (at(from + 3) & 0xff);
    }

    private byte at(int position) {
        return chunks.get(position >> CHUNK_BITS)[position & CHUNK - 1];
    }

    private void append(byte[] text) {
        for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
            append((byte) (text.length >>> shift));
        }
        for (byte one : text) {
            append(one);
        }
    }

    private void append(byte one) {
        if (end >> CHUNK_BITS == chunks.size()) {
            chunks.add(new byte[CHUNK]);
        }
        chunks.get(end >> CHUNK_BITS)[end & CHUNK - 1] = one;
        end = Math.addExact(end, 1);
    }
}
