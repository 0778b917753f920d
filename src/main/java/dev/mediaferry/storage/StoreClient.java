package dev.mediaferry.storage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** The client of the configured store, which sends what the routes ask of buckets elsewhere to the stores that these are in. */
final class StoreClient extends DelegatingS3Client {

    private final Buckets buckets;
    private final int connections;
    private final Map<String, S3Client> others = new ConcurrentHashMap<>();

    /** A client, and the bucket by the name that its store knows. */
    private record Target(S3Client client, String bucket) {}

    StoreClient(S3Client configured, Buckets buckets, int connections) {
        super(configured);
        this.buckets = buckets;
        this.connections = connections;
    }

    private Target target(String bucket) {
        return buckets.foreign(bucket)
                .map(storage -> new Target(
                        others.computeIfAbsent(bucket, name -> ObjectStore.client(storage, connections)),
                        storage.bucket()))
                .orElseGet(() -> new Target((S3Client) delegate(), bucket));
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        Target target = target(request.bucket());
        return target.client()
                .headObject(request.toBuilder().bucket(target.bucket()).build());
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        Target target = target(request.bucket());
        return target.client()
                .deleteObject(request.toBuilder().bucket(target.bucket()).build());
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        Target target = target(request.bucket());
        return target.client()
                .putObject(request.toBuilder().bucket(target.bucket()).build(), body);
    }

    @Override
    public ListObjectsResponse listObjects(ListObjectsRequest request) {
        Target target = target(request.bucket());
        return target.client()
                .listObjects(request.toBuilder().bucket(target.bucket()).build());
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        Target target = target(request.bucket());
        return target.client()
                .listObjectsV2(request.toBuilder().bucket(target.bucket()).build());
    }

    @Override
    public void close() {
        others.values().forEach(S3Client::close);
        super.close();
    }
}
