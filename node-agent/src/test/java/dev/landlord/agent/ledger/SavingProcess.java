package dev.landlord.agent.ledger;

import java.nio.file.Path;

/** Saves without end, and says which number is on the disk by now. */
final class SavingProcess {
    private SavingProcess() {}

    public static void main(String[] args) {
        Ledger ledger = Ledger.open(Path.of(args[0]));
        for (long number = 1; ; number++) {
            ledger.save(LedgerFixtures.content(number, 200));
            System.out.println(number);
        }
    }
}
