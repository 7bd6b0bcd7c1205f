package dev.landlord.agent.ledger;

import dev.landlord.api.sync.DesiredState;
import java.nio.file.Path;

/** Saves without end, from where it was left, and says which number is on the disk by now. */
final class SavingProcess {
    private SavingProcess() {}

    public static void main(String[] args) {
        Ledger ledger = Ledger.open(Path.of(args[0]));
        DesiredState left = ledger.content().accepted();
        for (long number = left == null ? 1 : left.generation().number() + 1; ; number++) {
            ledger.save(LedgerFixtures.content(number, 200));
            System.out.println(number);
        }
    }
}
