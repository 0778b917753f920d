package dev.mediaferry.uploads;

import java.util.UUID;

/**
 * A page of media, newest first.
 *
 * @param userId null for all users
 * @param mediaType null for all types
 * @param status null for all states
 * @param before id of the last medium of the page before; null for the first page
 * @param limit media of a page, 1 to 1000
 */
public record MediaQuery(String userId, String mediaType, String status, UUID before, int limit) {

    private static final int MOST = 1000;

    public MediaQuery {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit is " + limit + ", but must be from 1 to " + MOST);
        }
    }
}
