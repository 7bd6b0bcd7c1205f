package dev.landlord.controlplane.allocation;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of templates, with a bounded memory of the recently used ones: a template never changes. Thread-safe. */
@Component
public final class Templates {
    private static final int REMEMBERED = 20_000;

    private final Map<String, Template> byDigest = bounded();
    private final Map<Template, String> digests = bounded();

    Templates() {}

    /** The template's name: the digest of its content. */
    public synchronized String digest(Template template) {
        return digests.computeIfAbsent(template, content -> ContentJson.sha256(ContentJson.write(content)));
    }

    /** The template of an allocation. */
    Template get(JdbcClient reader, String digest) {
        synchronized (this) {
            Template known = byDigest.get(digest);
            if (known != null) {
                return known;
            }
        }
        String content = reader.sql("SELECT content FROM template WHERE sha256 = ?")
                .param(digest)
                .query(String.class)
                .single();
        Template template = ContentJson.read(content, Template.class);
        synchronized (this) {
            byDigest.put(digest, template);
        }
        return template;
    }

    /** Stores a template that an allocation is about to refer to. Returns its digest. */
    String store(JdbcClient writer, Template template) {
        String digest = digest(template);
        writer.sql("INSERT INTO template (sha256, content) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING")
                .params(digest, ContentJson.write(template))
                .update();
        return digest;
    }

    /** Deletes a template that no allocation refers to any more. */
    void sweep(JdbcClient writer, String digest) {
        writer.sql("DELETE FROM template WHERE sha256 = ?"
                        + " AND NOT EXISTS (SELECT 1 FROM allocation WHERE template = ?)")
                .params(digest, digest)
                .update();
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
