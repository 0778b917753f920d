select mediaferry.attach(:#ownerType, :#ownerId, :#userId, :#media::uuid[])
