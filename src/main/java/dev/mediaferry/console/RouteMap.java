package dev.mediaferry.console;

import dev.mediaferry.observe.LiveRoutes.LiveRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the routes of one group are drawn: each in a column to the right of those that call it, in units of the drawing.
 *
 */
public record RouteMap(String group, List<Node> nodes, List<Line> lines, int width, int height) {

    private static final int COLUMN = 250;
    private static final int ROW = 74;
    private static final int BOX = 206;
    private static final int BOX_HEIGHT = 54;
    private static final int MARGIN = 8;

    /** A route at its place. */
    public record Node(LiveRoute route, int x, int y, List<String> elsewhere) {

        public int width() {
            return BOX;
        }

        public int height() {
            return BOX_HEIGHT;
        }

        /** @return what fits into the box */
        public String label() {
            return route.id().length() <= 26 ? route.id() : route.id().substring(0, 25) + "…";
        }
    }

    /** A call: a curve from the right of one box to the left of another. */
    public record Line(String path) {}

    static List<RouteMap> of(List<LiveRoute> routes) {
        Map<String, List<LiveRoute>> groups = new LinkedHashMap<>();
        routes.forEach(route ->
                groups.computeIfAbsent(route.group(), name -> new ArrayList<>()).add(route));
        return groups.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(group -> draw(group.getKey(), group.getValue()))
                .toList();
    }

    private static RouteMap draw(String group, List<LiveRoute> routes) {
        Map<String, LiveRoute> byId = new LinkedHashMap<>();
        routes.forEach(route -> byId.put(route.id(), route));
        Map<String, Integer> depths = new HashMap<>();
        byId.keySet().forEach(id -> depth(id, byId, depths, new HashSet<>(), 0));
        Map<Integer, Integer> filled = new HashMap<>();
        Map<String, Node> nodes = new LinkedHashMap<>();
        for (LiveRoute route : routes) {
            int column = depths.get(route.id());
            int row = filled.merge(column, 1, Integer::sum) - 1;
            nodes.put(
                    route.id(),
                    new Node(
                            route,
                            MARGIN + column * COLUMN,
                            MARGIN + row * ROW,
                            route.calls().stream()
                                    .filter(call -> !byId.containsKey(call))
                                    .toList()));
        }
        List<Line> lines = new ArrayList<>();
        for (Node from : nodes.values()) {
            for (String call : from.route().calls()) {
                Node to = nodes.get(call);
                if (to != null) {
                    lines.add(line(from, to));
                }
            }
        }
        int columns = filled.keySet().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
        int rows = filled.values().stream().mapToInt(Integer::intValue).max().orElse(1);
        return new RouteMap(
                group,
                List.copyOf(nodes.values()),
                lines,
                2 * MARGIN + (columns - 1) * COLUMN + BOX,
                2 * MARGIN + (rows - 1) * ROW + BOX_HEIGHT);
    }

    /** The longest way to it; a circle is followed once. */
    private static void depth(
            String id, Map<String, LiveRoute> byId, Map<String, Integer> depths, Set<String> way, int depth) {
        if (!byId.containsKey(id) || way.contains(id) || depths.getOrDefault(id, -1) >= depth) {
            return;
        }
        depths.put(id, depth);
        way.add(id);
        byId.get(id).calls().forEach(call -> depth(call, byId, depths, way, depth + 1));
        way.remove(id);
    }

    private static Line line(Node from, Node to) {
        int x1 = from.x() + BOX;
        int y1 = from.y() + BOX_HEIGHT / 2;
        int x2 = to.x();
        int y2 = to.y() + BOX_HEIGHT / 2;
        int bend = (COLUMN - BOX) / 2 + 10;
        return new Line("M%d %dC%d %d %d %d %d %d".formatted(x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2));
    }
}
