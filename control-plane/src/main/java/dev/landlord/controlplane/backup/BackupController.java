package dev.landlord.controlplane.backup;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** For operators. */
@RestController
class BackupController {
    private final Backups backups;

    BackupController(Backups backups) {
        this.backups = backups;
    }

    @PostMapping("/api/v1/cluster:backup")
    @ResponseStatus(HttpStatus.CREATED)
    Backups.Backup create() throws InterruptedException {
        return backups.create();
    }
}
