/* Verifies evidence records (RFC 4998) with Bouncy Castle, an independent implementation.
 *
 * Each line of standard input has a record and the files that it must cover, separated by tabs. The answer to each
 * line is OK, or FAIL and the reason. */

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.ers.ERSData;
import org.bouncycastle.tsp.ers.ERSDataGroup;
import org.bouncycastle.tsp.ers.ERSEvidenceRecord;
import org.bouncycastle.tsp.ers.ERSFileData;

public class EvidenceReader {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        String line;
        while ((line = lines.readLine()) != null) {
            try {
                check(line.split("\t"));
                System.out.println("OK");
            } catch (Exception problem) {
                System.out.println("FAIL " + problem.getMessage());
            }
        }
    }

    private static void check(String[] words) throws Exception {
        DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
        ERSEvidenceRecord record = new ERSEvidenceRecord(Files.readAllBytes(new File(words[0]).toPath()), digests);
        List<ERSData> files = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            files.add(new ERSFileData(new File(words[i])));
        }
        record.validatePresent(new ERSDataGroup(files), new Date());
        record.validate(new JcaSimpleSignerInfoVerifierBuilder().build(record.getSigningCertificate()));
    }
}
