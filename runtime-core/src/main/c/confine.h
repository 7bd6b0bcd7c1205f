/* What a supervisor gives up once its sandbox runs. */
#ifndef LANDLORD_CONFINE_H
#define LANDLORD_CONFINE_H

/* Makes a directory all there is of the file system; descriptors that are open stay. */
int confine_to_directory(int directory);

/* Drops every capability but the one to signal, and all that an exec could give. */
int confine_to_signals(void);

/* Refuses every system call that watching, keeping output and recording the end do not make. For good. */
int confine_to_watching(void);

#endif
