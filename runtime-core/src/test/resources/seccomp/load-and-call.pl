# Loads the filter in the file of the first argument into this process, then makes the calls of the other arguments, each a
# list of numbers joined by commas, and prints what each answered: 0, or the error number. "exec:PATH" runs a program.
use strict;
use warnings;
no warnings qw(portable);

my ($file, @calls) = @ARGV;
open(my $in, '<:raw', $file) or die "open $file: $!";
my $program = do { local $/; <$in> };
my $PR_SET_NO_NEW_PRIVS = 38;
my $SYS_prctl = 157;
my $SYS_seccomp = 317;
syscall($SYS_prctl, $PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or die "prctl: $!";
# struct sock_fprog: unsigned short length, padding, pointer to the instructions
my $header = pack('S x6 P', length($program) / 8, $program);
syscall($SYS_seccomp, 1, 0, $header) == 0 or die "seccomp: $!";
$| = 1;
for my $call (@calls) {
    exec(substr($call, 5)) if $call =~ /^exec:/;
    my @numbers = map { hex } split(/,/, $call);
    my $result = syscall($numbers[0], @numbers[1 .. $#numbers]);
    print "$call ", ($result < 0 ? $! + 0 : 0), "\n";
}
