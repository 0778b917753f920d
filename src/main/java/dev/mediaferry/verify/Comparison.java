package dev.mediaferry.verify;

import dev.mediaferry.storage.Adoptions;
import dev.mediaferry.storage.Adoptions.Adoption;
import dev.mediaferry.storage.Bucket;
import dev.mediaferry.storage.Bucket.Facts;
import dev.mediaferry.storage.Bucket.Listed;
import dev.mediaferry.storage.Provenance;
import dev.mediaferry.verify.Finding.Kind;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Judges what a walk through one bucket finds; what neither ledger nor listing tell becomes a question for the store. */
final class Comparison implements ObjectWalk.Visitor {

    private final VerifyOptions options;
    private final Sides sides;
    private final Predicate<String> ours;
    private final String arriving;
    private final Instant before;
    private final Tally tally;
    private final Consumer<Callable<Optional<Finding>>> questions;

    /**
     * What is compared.
     *
     * @param adoptions null unless objects are to be claimed
     * @param ledgerId that objects carry
     * @param inLedger the bucket as the ledger keeps it
     */
    record Sides(Bucket bucket, Adoptions adoptions, LedgerReader ledger, String ledgerId, String inLedger) {}

    /**
     * @param ours true for keys under which nobody else stores
     * @param arriving what keys begin with under which clients put uploads
     * @param before when what lies there without an owner was stored at the latest; what is younger may be under way
     * @param questions takes what is to be asked, with what it finds
     */
    Comparison(
            VerifyOptions options,
            Sides sides,
            Predicate<String> ours,
            String arriving,
            Instant before,
            Tally tally,
            Consumer<Callable<Optional<Finding>>> questions) {
        this.options = options;
        this.sides = sides;
        this.ours = ours;
        this.arriving = arriving;
        this.before = before;
        this.tally = tally;
        this.questions = questions;
    }

    @Override
    public void matched(ObjectOwner owner, Listed object) {
        if (!isAsked(owner)) {
            return;
        }
        tally.addObject();
        boolean closely = closely();
        boolean sameTag = owner.etag() == null || owner.hasTag(object.etag());
        if (object.bytes() != owner.bytes()) {
            ask(
                    owner,
                    () -> owner.isOfMedia()
                            ? sides.bucket().head(owner.key()).flatMap(facts -> difference(owner, facts))
                            : Optional.of(owner.ofAnotherSize(object.bytes())));
        } else if (closely || !sameTag) {
            tally.addRead();
            ask(owner, () -> sides.bucket().read(owner.key()).flatMap(facts -> difference(owner, facts)));
        }
        if (sides.adoptions() != null && owner.own() && !owner.isOfMedia()) {
            ask(owner, () -> claim(owner));
        }
    }

    /** Outside of the folders that were listed, or gone. */
    @Override
    public void unlisted(ObjectOwner owner) {
        if (!isAsked(owner)) {
            return;
        }
        tally.addObject();
        boolean closely = closely();
        if (closely) {
            tally.addRead();
        }
        ask(owner, () -> {
            Optional<Facts> facts =
                    closely ? sides.bucket().read(owner.key()) : sides.bucket().head(owner.key());
            return facts.isEmpty()
                    ? Optional.of(Finding.of(Kind.MISSING_OBJECT, owner, "the bucket has no such object"))
                    : difference(owner, facts.get());
        });
    }

    @Override
    public void unowned(Listed object, boolean duplicate) {
        if (!ours.test(object.key()) || !object.modified().isBefore(before)) {
            return;
        }
        // What browsers put says nothing of itself; its key says whose it is.
        questions.accept(
                object.key().startsWith(arriving)
                        ? () -> Optional.of(new Finding(
                                Kind.INCOMING_WITHOUT_SESSION.label(),
                                "",
                                "",
                                object.key(),
                                "an upload of which no session knows"))
                        : () -> ofNobody(object, duplicate));
    }

    /** A medium's object is stored by this ledger only; that of a transfer may have been there before. */
    private Optional<Finding> difference(ObjectOwner owner, Facts facts) {
        boolean theirs = owner.isOfMedia()
                && facts.provenance()
                        .ledger()
                        .filter(id -> !id.equals(sides.ledgerId()))
                        .isPresent();
        return theirs
                ? Optional.of(Finding.of(Kind.FOREIGN_OBJECT, owner, "another ledger has stored it"))
                : owner.difference(facts);
    }

    private Optional<Finding> claim(ObjectOwner owner) {
        Adoption adoption =
                sides.adoptions().adopt(owner.id(), owner.key(), owner.bytes(), owner.etag(), owner.sha256());
        adoption.etag().ifPresent(etag -> {
            synchronized (sides.ledger()) {
                sides.ledger().adopted(owner, sides.inLedger(), etag);
            }
            tally.addClaimed();
        });
        return adoption.refusal().map(why -> Finding.of(Kind.UNCLAIMED, owner, why));
    }

    private Optional<Finding> ofNobody(Listed object, boolean duplicate) {
        Optional<Provenance> says = sides.bucket().provenance(object.key());
        if (says.isEmpty()) {
            return Optional.empty();
        }
        if (says.get().ledger().filter(id -> !id.equals(sides.ledgerId())).isPresent()) {
            tally.addTheirs();
            return Optional.empty();
        }
        Kind kind = duplicate ? Kind.DUPLICATE : Kind.OBJECT_WITHOUT_OWNER;
        return Optional.of(new Finding(
                kind.label(),
                "",
                "",
                object.key(),
                duplicate ? "a second object for one pointer" : "no transfer of the ledger owns it, and no medium"));
    }

    private boolean closely() {
        return ThreadLocalRandom.current().nextDouble(100) < options.sample();
    }

    private boolean isAsked(ObjectOwner owner) {
        return owner.expected()
                && (options.fields().isEmpty() || options.fields().contains(owner.entry()));
    }

    /** Runs and rollbacks go on meanwhile: only what the ledger still says can be wrong. */
    private void ask(ObjectOwner owner, Callable<Optional<Finding>> question) {
        questions.accept(() -> {
            Optional<Finding> finding = question.call();
            if (finding.isEmpty()) {
                return finding;
            }
            synchronized (sides.ledger()) {
                return sides.ledger().isUnchanged(owner, sides.inLedger()) ? finding : Optional.empty();
            }
        });
    }
}
