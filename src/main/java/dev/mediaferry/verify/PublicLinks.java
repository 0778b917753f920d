package dev.mediaferry.verify;

import dev.mediaferry.entry.Category;
import dev.mediaferry.fetch.FetchSettings;
import dev.mediaferry.fetch.LinkProbe;
import dev.mediaferry.ledger.Database;
import dev.mediaferry.link.InvalidLinkException;
import dev.mediaferry.link.Link;
import dev.mediaferry.storage.BucketUrls;
import dev.mediaferry.storage.Buckets;
import dev.mediaferry.storage.Requests;
import dev.mediaferry.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Asks the addresses that records give to the world, as a visitor of a page does. */
public final class PublicLinks implements AutoCloseable {

    /** Addresses of our own that are asked at the same time; others are asked one after the other. */
    private static final int REQUESTS = 16;

    private static final int PAGE = 500;
    private static final int MOST_LISTED = 1000;

    private final JdbcClient sql;
    private final Buckets buckets;
    private final BucketUrls ours;
    private final LinkProbe probe;
    private final Consumer<Finding> line;
    private final Requests requests = new Requests(REQUESTS);
    private final List<Finding> findings = new ArrayList<>();
    private long asked;
    private long failed;

    private record Address(long transfer, String entry, String id, String link, OptionalLong bytes) {}

    /** @param line receives each finding at once */
    public PublicLinks(Database database, Buckets buckets, FetchSettings fetch, Consumer<Finding> line) {
        this.sql = database.client();
        this.buckets = buckets;
        this.ours = buckets.addresses();
        this.probe = new LinkProbe(fetch);
        this.line = line;
    }

    /** Asks for all objects that rows of these entries lead to. */
    public LinkReport ofObjects(List<String> entries) {
        long after = 0;
        while (true) {
            List<Address> page = sql.sql(Database.statement("linked-addresses"))
                    .param("entries", entries.toArray(String[]::new))
                    .param("after", after)
                    .param("most", PAGE)
                    .query((rs, row) -> new Address(
                            rs.getLong("id"),
                            rs.getString("entry"),
                            rs.getString("row_key"),
                            rs.getString("target"),
                            OptionalLong.of(rs.getLong("bytes"))))
                    .list();
            if (page.isEmpty()) {
                return report();
            }
            ask(page);
            after = page.get(page.size() - 1).transfer();
        }
    }

    /** Asks, once each, for what the records of these categories lead to, no matter who wrote them; a bounded number of each. */
    public LinkReport ofRecords(List<Category> categories, int most) {
        Set<String> known = new HashSet<>();
        for (Category category : categories) {
            category.queries()
                    .linksSql()
                    .ifPresent(select -> ask(sql
                            .sql(select)
                            .param("prefix", buckets.of(category.bucket()).target(""))
                            .param("most", most)
                            .query((rs, row) -> new Address(
                                    0, category.name(), rs.getString("id"), rs.getString("link"), OptionalLong.empty()))
                            .stream()
                            .filter(address -> known.add(address.link()))
                            .toList()));
        }
        return report();
    }

    private LinkReport report() {
        return new LinkReport(asked, asked - failed, List.copyOf(findings));
    }

    private void ask(List<Address> page) {
        List<Callable<Optional<Finding>>> own = new ArrayList<>();
        List<Callable<Optional<Finding>>> others = new ArrayList<>();
        for (Address address : page) {
            (ours.contain(address.link()) ? own : others).add(() -> ask(address));
        }
        requests.all(own).forEach(answer -> answer.ifPresent(this::found));
        for (Callable<Optional<Finding>> other : others) {
            requests.all(List.of(other)).get(0).ifPresent(this::found);
        }
        asked += page.size();
    }

    private Optional<Finding> ask(Address address) {
        Optional<String> problem;
        try {
            Link link = Link.parse(address.link());
            problem = probe.problem(link, ours.contain(link), address.bytes());
        } catch (InvalidLinkException e) {
            problem = Optional.of("no link: " + e.getMessage());
        }
        return problem.map(what ->
                new Finding(Kind.UNREACHABLE_LINK.label(), address.entry(), address.id(), address.link(), what));
    }

    private void found(Finding finding) {
        failed++;
        line.accept(finding);
        if (findings.size() < MOST_LISTED) {
            findings.add(finding);
        }
    }

    @Override
    public void close() {
        requests.close();
        probe.close();
    }
}
