package dev.mediaferry.console;

/**
 * Who asks.
 *
 * @param name as the audit log has it
 * @param from the address that the request came from
 * @param token that a form of the console has to bring along; empty for a request whose browser adds nothing by itself
 * @param session true when it was logged in by the form, so that it can log out
 */
public record Visitor(String name, Role role, String from, String token, boolean session) {

    public boolean mayAct() {
        return role == Role.OPERATOR;
    }

    Visitor from(String address) {
        return new Visitor(name, role, address, token, session);
    }
}
