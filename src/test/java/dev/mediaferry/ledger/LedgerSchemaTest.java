package dev.mediaferry.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mediaferry.failure.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerSchemaTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "select * from mediaferry.run | select * from crm.run",
                "update mediaferry.transfer t set x=mediaferry.f(1) | update crm.transfer t set x=crm.f(1)",
                "insert into mediaferry.qrtz_locks(a) | insert into crm.qrtz_locks(a)",
                "select mediaferry_file.row_key, xmediaferry.a | select mediaferry_file.row_key, xmediaferry.a",
                "select a.mediaferry.b, \"mediaferry\".c | select a.mediaferry.b, \"mediaferry\".c",
                "select 'mediaferry.run', 'it''s mediaferry.run' from mediaferry.run | select 'mediaferry.run', 'it''s mediaferry.run' from crm.run",
                "select E'\\'mediaferry.run' from mediaferry.run | select E'\\'mediaferry.run' from crm.run",
                "select \"a mediaferry.b\", U&\"\\+000022 mediaferry.c\" | select \"a mediaferry.b\", U&\"\\+000022 mediaferry.c\"",
                "select 1 /* mediaferry.a */ from mediaferry.b | select 1 /* mediaferry.a */ from crm.b",
                "as $$ begin delete from mediaferry.a; end $$ | as $$ begin delete from crm.a; end $$",
                "select 'open mediaferry.a | select 'open mediaferry.a",
            })
    void takesThePlaceOfTheUsualOneInStatementsAndNowhereElse(String sql, String expected) {
        assertThat(new LedgerSchema("crm").in(sql)).isEqualTo(expected);
        assertThat(new LedgerSchema("mediaferry").in(sql)).isEqualTo(sql);
    }

    @Test
    void leavesCommentsToTheEndOfALineAlone() {
        assertThat(new LedgerSchema("crm").in("-- mediaferry.a\nselect mediaferry.a"))
                .isEqualTo("-- mediaferry.a\nselect crm.a");
    }

    @Test
    void hasLocksOfItsOwn() {
        assertThat(new LedgerSchema("mediaferry").lockSpace()).isEqualTo(0x6d66);
        assertThat(new LedgerSchema("crm").lockSpace())
                .isNotEqualTo(new LedgerSchema("shop").lockSpace())
                .isNotEqualTo(0x6d66);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "public", "pg_crm", "information_schema", "Crm", "1crm", "crm.x", "crm\"", "crm x"})
    void refusesNamesThatAreNoSchemaOfItsOwn(String name) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new LedgerSchema(name))
                .withMessageStartingWith("mediaferry.ledger.schema is '" + name + "', but must be");
    }
}
