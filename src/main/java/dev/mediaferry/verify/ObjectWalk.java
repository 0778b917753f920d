package dev.mediaferry.verify;

import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Listed;
import java.util.Iterator;

/** Goes through the ledger's objects and a bucket's listing side by side, both in the order of their keys. */
final class ObjectWalk {

    private final Iterator<ObjectOwner> owners;
    private final Iterator<Listed> objects;
    private ObjectOwner owner;
    private Listed object;
    private boolean owned;
    private String lastOwned = "";

    /** Of the last open key. As both sides are sorted, what begins with an earlier one has been passed. */
    private String openPrefix;

    private String position;

    /** Told what is where. */
    interface Visitor {

        void matched(ObjectOwner owner, Listed object);

        /** The listing has no such object. */
        void unlisted(ObjectOwner owner);

        /** @param duplicate true when its key differs from that of an owner by the extension alone */
        void unowned(Listed object, boolean duplicate);
    }

    /** @param position the key after which both begin; empty for the beginning */
    ObjectWalk(Iterator<ObjectOwner> owners, Iterator<Listed> objects, String position) {
        this.owners = owners;
        this.objects = objects;
        this.position = position;
        this.owner = next(owners);
        this.object = next(objects);
    }

    /** @return false at the end of both */
    boolean step(Visitor visitor) {
        if (owner == null && object == null) {
            return false;
        }
        int order = owner == null ? 1 : object == null ? -1 : Bucket.compare(owner.key(), object.key());
        if (order <= 0) {
            if (owner.open()) {
                if (!isOpen(owner.key())) {
                    openPrefix = owner.key();
                }
            } else if (order == 0) {
                owned = true;
                lastOwned = owner.key();
                visitor.matched(owner, object);
            } else {
                visitor.unlisted(owner);
            }
            advance(owner.key(), true);
        } else {
            if (!owned && !isOpen(object.key())) {
                boolean duplicate = isStemOf(object.key(), lastOwned)
                        || (owner != null && !owner.open() && isStemOf(object.key(), owner.key()));
                visitor.unowned(object, duplicate);
            }
            advance(object.key(), false);
        }
        return true;
    }

    /** @return the last key up to which, itself included, everything has been visited */
    String position() {
        return position;
    }

    private void advance(String key, boolean ofOwner) {
        if (ofOwner) {
            owner = next(owners);
        } else {
            object = next(objects);
            owned = false;
        }
        boolean done = (owner == null || Bucket.compare(owner.key(), key) > 0)
                && (object == null || Bucket.compare(object.key(), key) > 0);
        if (done && Bucket.compare(key, position) > 0) {
            position = key;
        }
    }

    private boolean isOpen(String key) {
        return openPrefix != null && key.startsWith(openPrefix);
    }

    private static boolean isStemOf(String key, String other) {
        return !other.isEmpty() && stem(key).equals(stem(other));
    }

    private static String stem(String key) {
        int dot = key.lastIndexOf('.');
        return dot > key.lastIndexOf('/') ? key.substring(0, dot) : key;
    }

    private static <T> T next(Iterator<T> iterator) {
        return iterator.hasNext() ? iterator.next() : null;
    }
}
