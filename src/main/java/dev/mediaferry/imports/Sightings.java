package dev.mediaferry.imports;

import dev.mediaferry.imports.FileClassifier.Sorted;
import dev.mediaferry.settings.Shown;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What is to be said of a folder's files that belong to no category; the first of each kind by name, the rest counted. */
final class Sightings {

    private static final int MOST_LISTED = 1000;

    private final NavigableSet<String> unseen = new TreeSet<>();
    private final NavigableSet<String> ignored = new TreeSet<>();
    private final NavigableSet<String> unmatched = new TreeSet<>();
    private long unseenFiles;
    private long ignoredFiles;
    private long files;
    private long fitting;

    void add(List<Sorted> page) {
        page.forEach(this::add);
    }

    private void add(Sorted sorted) {
        files++;
        String path = Shown.text(sorted.file().path());
        if (sorted.category() != null) {
            fitting++;
        } else if (sorted.unseen()) {
            unseenFiles++;
            list(unseen, path + ": " + sorted.reason());
        } else if (sorted.reason().equals(FinderFiles.REASON)) {
            ignoredFiles++;
            list(ignored, path);
        } else {
            list(unmatched, path);
        }
    }

    private static void list(NavigableSet<String> listed, String text) {
        listed.add(text);
        if (listed.size() > MOST_LISTED) {
            listed.pollLast();
        }
    }

    /** Files and folders that nobody could look at. */
    long unseenFiles() {
        return unseenFiles;
    }

    long ignoredFiles() {
        return ignoredFiles;
    }

    /** True when there are files, and none that a pattern fits: it is another folder, or another import. */
    boolean nothingFits() {
        return files > 0 && fitting == 0;
    }

    List<String> unseen() {
        return List.copyOf(unseen);
    }

    List<String> ignored() {
        return List.copyOf(ignored);
    }

    List<String> unmatched() {
        return List.copyOf(unmatched);
    }
}
