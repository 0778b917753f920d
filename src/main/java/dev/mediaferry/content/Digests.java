package dev.mediaferry.content;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hashes that bytes are known by. A new digest is the copy of an unused one: looking an algorithm up among the
 * providers costs as much as hashing several kilobytes, and every medium needs three.
 */
public final class Digests {

    private static final MessageDigest SHA256 = find("SHA-256");
    private static final MessageDigest MD5 = find("MD5");

    private Digests() {}

    public static MessageDigest sha256() {
        return copy(SHA256);
    }

    /** For what others know by its MD5; our own truth is the SHA-256. */
    public static MessageDigest md5() {
        return copy(MD5);
    }

    /** @return what a digest has computed, as hexadecimal digits in lower case; the digest starts anew */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** @return the SHA-256 of some bytes, as 64 hexadecimal digits in lower case */
    public static String sha256(byte[] bytes) {
        MessageDigest digest = sha256();
        digest.update(bytes);
        return hex(digest);
    }

    private static MessageDigest copy(MessageDigest unused) {
        try {
            return (MessageDigest) unused.clone();
        } catch (CloneNotSupportedException e) {
            // A provider of somebody's own need not be able to.
            return find(unused.getAlgorithm());
        }
    }

    private static MessageDigest find(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
