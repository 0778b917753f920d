package dev.mediaferry.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {

    private static final List<String> KNOWN = List.of("LinkedInProfile", "Comment", "id");

    @ParameterizedTest
    @CsvSource({
        "linkedinprofile, LinkedInProfile",
        "LinkedInProfiles, LinkedInProfile",
        "LinkdInProfil, LinkedInProfile",
        "Coment, Comment",
        "Commetn, Comment",
        "uid, id",
        "x, id"
    })
    void findWhatWasMeant(String typed, String meant) {
        assertThat(Names.nearest(typed, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"Reply", "LinkedIn", "''", "identifier"})
    void findNothingFarAway(String typed) {
        assertThat(Names.nearest(typed, List.of("LinkedInProfile", "Comment"))).isEmpty();
    }

    @Test
    void findNothingInNothing() {
        assertThat(Names.nearest("id", List.of())).isEmpty();
    }
}
